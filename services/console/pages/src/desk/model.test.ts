import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { expect, test } from 'vitest';
import {
  InquiryStage,
  PlacementEnd,
  PlaceSafety,
  RelocationPlaceSchema,
} from '../gen/exitbus/relocation/v1/place_pb';
import { RelocationSchema, RelocationStage } from '../gen/exitbus/relocation/v1/relocation_pb';
import {
  byUrgency,
  decidedFor,
  hundredths,
  isOpen,
  ledgerLook,
  month,
  placeLook,
  requestMap,
} from './model';

const place = (safety: PlaceSafety, inquiry = InquiryStage.UNSPECIFIED, households = 0) =>
  create(RelocationPlaceSchema, {
    municipality: '0461',
    safety,
    inquiry,
    capacity: { households },
  });

test.each([
  ['hindring', place(PlaceSafety.NOT_POSSIBLE, InquiryStage.CAPACITY, 1), '0461', 'excluded'],
  ['asked', place(PlaceSafety.ASKED), undefined, 'asked'],
  ['the police do not know', place(PlaceSafety.UNKNOWN), undefined, 'asked'],
  ['clear', place(PlaceSafety.CLEAR), undefined, 'clear'],
  ['room', place(PlaceSafety.CLEAR, InquiryStage.CAPACITY, 1), undefined, 'room'],
  ['room for none', place(PlaceSafety.CLEAR, InquiryStage.CAPACITY, 0), undefined, 'clear'],
  ['room long ago', place(PlaceSafety.CLEAR, InquiryStage.STALE, 1), undefined, 'clear'],
  ['decided', place(PlaceSafety.CLEAR, InquiryStage.CAPACITY, 1), '0461', 'decided'],
] as const)('%s', (_, one, decided, look) => {
  expect(placeLook(one, decided)).toBe(look);
});

test('a decision that has ended is none', () => {
  const request = create(RelocationSchema, {
    places: [place(PlaceSafety.CLEAR)],
    placements: [{ municipality: '0183', end: PlacementEnd.REVOKED }, { municipality: '0461' }],
  });
  expect(decidedFor(request)).toBe('0461');
  expect([...requestMap(request)]).toEqual([['0461', 'decided']]);
  request.placements[1]!.end = PlacementEnd.NO_ROOM;
  expect(decidedFor(request)).toBeUndefined();
});

test('what waits for us stands first, then what is due soonest', () => {
  const request = (relocationId: string, waitsForUs: boolean, due?: number) =>
    create(RelocationSchema, {
      relocationId,
      waitsForUs,
      ...(due !== undefined && { due: timestampFromMs(due) }),
    });
  const all = [
    request('d', false),
    request('c', false, 1),
    request('b', true, 9),
    request('a', true, 5),
  ];
  expect(all.sort(byUrgency).map(({ relocationId }) => relocationId)).toEqual(['a', 'b', 'c', 'd']);
});

test('withdrawn, completed and not necessary are over', () => {
  const open = Object.values(RelocationStage)
    .filter((stage): stage is RelocationStage => typeof stage === 'number')
    .filter((stage) => isOpen(create(RelocationSchema, { stage })));
  expect(open).toEqual([0, 1, 2, 3, 4, 7, 8]);
});

test('months, means and steps of the ledger', () => {
  expect([month(202703), month(0)]).toEqual(['03/2027', '']);
  expect([hundredths(350, 'da'), hundredths(400, 'en')]).toEqual(['3,5', '4']);
  expect([0, 1, 2, 3].map(ledgerLook)).toEqual(['zero', 'some', 'some', 'many']);
});
