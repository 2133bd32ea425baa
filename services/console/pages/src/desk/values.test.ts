// Every value that the desk shows has a word of its own.
import { expect, test } from 'vitest';
import { MonitoredStageSchema } from '../gen/exitbus/contact_point/v1/handover_desk_pb';
import { SideSchema } from '../gen/exitbus/handover/v1/handover_pb';
import {
  PoolGroundSchema,
  PoolMeasureSchema,
  PoolRefusalCodeSchema,
  PoolStageSchema,
} from '../gen/exitbus/pool/v1/pool_pb';
import {
  CitizenAnswerSchema,
  DeclineCodeSchema,
  HolderViewSchema,
  InquiryStageSchema,
  PlacementEndSchema,
  PlaceSafetySchema,
  ScoreReasonSchema,
} from '../gen/exitbus/relocation/v1/place_pb';
import {
  AgeBandSchema,
  AssessmentGroundSchema,
  AssessmentOutcomeSchema,
  EffortSchema,
  ElsewhereGroundSchema,
  HouseholdSchema,
  LeavingGroundSchema,
  NominationPartSchema,
  PlacementReasonSchema,
  RelocationStageSchema,
  SecurityGroundSchema,
} from '../gen/exitbus/relocation/v1/relocation_pb';
import { called, choices, hasWord } from './values';

const types = [
  MonitoredStageSchema,
  SideSchema,
  PoolGroundSchema,
  PoolMeasureSchema,
  PoolRefusalCodeSchema,
  PoolStageSchema,
  CitizenAnswerSchema,
  DeclineCodeSchema,
  HolderViewSchema,
  InquiryStageSchema,
  PlacementEndSchema,
  PlaceSafetySchema,
  ScoreReasonSchema,
  AgeBandSchema,
  AssessmentGroundSchema,
  AssessmentOutcomeSchema,
  EffortSchema,
  ElsewhereGroundSchema,
  HouseholdSchema,
  LeavingGroundSchema,
  NominationPartSchema,
  PlacementReasonSchema,
  RelocationStageSchema,
  SecurityGroundSchema,
];

test.each(types)('$name', (type) => {
  expect(type.values.length).toBeGreaterThan(1);
  for (const { name, number } of type.values)
    if (number !== 0) expect(hasWord(name), name).toBe(true);
});

test('what is unset is called nothing, and what is new by its own name', () => {
  expect(called(SideSchema, 0)).toBe('');
  expect(called(SideSchema, 99)).toBe('99');
  expect(choices(SideSchema)).toEqual([
    { value: 1, name: 'den ansvarlige' },
    { value: 2, name: 'modtageren' },
  ]);
});
