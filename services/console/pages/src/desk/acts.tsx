// What one may do with a request at its stage. The contact point's service decides; it refuses by its rules.
import { municipalities } from 'virtual:municipalities';
import { PlaceSafety, type RelocationPlace } from '../gen/exitbus/relocation/v1/place_pb';
import {
  AssessmentGroundSchema,
  AssessmentOutcomeSchema,
  NominationPartSchema,
  PlacementReasonSchema,
  RelocationStage,
  type Relocation,
} from '../gen/exitbus/relocation/v1/relocation_pb';
import { t } from '../texts';
import { Act, ChooseOne, ChooseSome, numbers } from './act';
import { assessments, decisions, places } from './live';
import { municipalityName } from './names';
import { choices, type Named } from './values';

const isClear = ({ safety }: RelocationPlace): boolean => safety === PlaceSafety.CLEAR;

// Codes are numbers where they are chosen from.
const named = (code: string): Named => ({ value: Number(code), name: municipalityName(code) });
const codeOf = (fields: FormData): string => String(fields.get('municipality')).padStart(4, '0');

function Assess({ request: { relocationId, etag } }: { request: Relocation }) {
  return (
    <Act
      button="assess"
      etag={etag}
      act={(change, fields) =>
        assessments.assessRelocation({
          ...change,
          relocationId,
          outcome: Number(fields.get('outcome')),
          grounds: numbers(fields, 'grounds'),
          asked: numbers(fields, 'asked'),
        })
      }
    >
      <ChooseOne label="outcome" name="outcome" options={choices(AssessmentOutcomeSchema)} />
      <ChooseSome label="grounds" name="grounds" options={choices(AssessmentGroundSchema)} />
      <ChooseSome label="asked_parts" name="asked" options={choices(NominationPartSchema)} />
    </Act>
  );
}

function AskPolice({ request: { relocationId, etag, places: asked } }: { request: Relocation }) {
  const known = new Set(asked.map(({ municipality }) => municipality));
  const rest = municipalities.filter(({ code }) => !known.has(code)).map(({ code }) => named(code));
  return (
    <Act
      button="ask_police"
      etag={etag}
      act={(change, fields) =>
        places.askPlaces({ ...change, relocationId, municipalities: [codeOf(fields)] })
      }
    >
      <ChooseOne label="municipality" name="municipality" options={rest} />
    </Act>
  );
}

function OfClear({ request }: { request: Relocation }) {
  const { relocationId, etag } = request;
  const clear = request.places.filter(isClear).map(({ municipality }) => named(municipality));
  if (clear.length === 0) return null;
  const choose = <ChooseOne label="municipality" name="municipality" options={clear} />;
  return (
    <>
      <Act
        button="hear"
        etag={etag}
        act={(change, fields) =>
          decisions.hearPlaces({ ...change, relocationId, municipalities: [codeOf(fields)] })
        }
      >
        {choose}
      </Act>
      <Act
        button="inquire"
        etag={etag}
        act={(change, fields) =>
          places.inquireRelocation({ ...change, relocationId, municipality: codeOf(fields) })
        }
      >
        {choose}
      </Act>
      <Act
        button="decide"
        etag={etag}
        act={(change, fields) =>
          decisions.decideRelocation({
            ...change,
            relocationId,
            municipality: codeOf(fields),
            reasons: numbers(fields, 'reasons'),
          })
        }
      >
        {choose}
        <ChooseSome label="reasons" name="reasons" options={choices(PlacementReasonSchema)} />
      </Act>
    </>
  );
}

export function Acts({ request }: { request: Relocation }) {
  const { stage, relocationId, etag } = request;
  const assessed =
    stage !== RelocationStage.NOMINATED && stage !== RelocationStage.INFORMATION_ASKED;
  return (
    <>
      <h2>{t('acts')}</h2>
      <div class="acts">
        {!assessed && <Assess request={request} />}
        {stage === RelocationStage.NECESSARY && (
          <>
            <AskPolice request={request} />
            <OfClear request={request} />
          </>
        )}
        {(stage === RelocationStage.DECIDED || stage === RelocationStage.ACCEPTED) && (
          <Act
            button="revoke"
            etag={etag}
            act={(change) => decisions.revokeRelocationDecision({ ...change, relocationId })}
          />
        )}
      </div>
    </>
  );
}
