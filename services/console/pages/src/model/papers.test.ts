import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { expect, test } from 'vitest';
import { AuthorityRowSchema } from '../gen/exitbus/operations/v1/overview_pb';
import { PaperKind } from '../gen/exitbus/operations/v1/trace_pb';
import { paperLines } from './papers';

const now_ms = 1e12;
const day_ms = 86400000;

test('what has ended or is unknown stands before what ends soon', () => {
  const paper = (kind: PaperKind, days: number, replacementRefused = false) => ({
    kind,
    ends: timestampFromMs(now_ms + days * day_ms),
    replacementRefused,
  });
  const lines = paperLines(
    [
      create(AuthorityRowSchema, {
        authority: 'a',
        papers: [
          paper(PaperKind.DIRECTORY, 100),
          paper(PaperKind.API_CA, 13),
          paper(PaperKind.KAFKA_CERTIFICATE, 90, true),
          paper(PaperKind.SEALING_KEY, 0),
          { kind: PaperKind.API_CERTIFICATE },
        ],
      }),
      create(AuthorityRowSchema, { authority: 'b' }),
    ],
    now_ms,
  );
  expect(lines.map(({ paper: one, standing }) => [one?.kind, standing])).toEqual([
    [PaperKind.SEALING_KEY, 'ended'],
    [PaperKind.API_CERTIFICATE, 'unknown'],
    [undefined, 'unknown'],
    [PaperKind.API_CA, 'soon'],
    [PaperKind.KAFKA_CERTIFICATE, 'soon'],
    [PaperKind.DIRECTORY, 'good'],
  ]);
});
