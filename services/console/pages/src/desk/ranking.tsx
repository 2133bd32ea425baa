// The places that are clear by the five criteria, each score with its reason.
import {
  PlaceCriterion,
  ScoreReasonSchema,
  type PlaceScore,
} from '../gen/exitbus/relocation/v1/place_pb';
import type { RankedPlace } from '../gen/exitbus/relocation/v1/relocation_pb';
import { Table, type Column } from '../parts/table';
import { language, t, type Text } from '../texts';
import { Asked } from './asked';
import { decisions } from './live';
import { hundredths } from './model';
import { municipalityName } from './names';
import { called } from './values';

const criteria: [PlaceCriterion, Text][] = [
  [PlaceCriterion.SECURITY, 'criterion_security'],
  [PlaceCriterion.FAMILY_AND_NETWORK, 'criterion_family'],
  [PlaceCriterion.WORK_AND_EDUCATION, 'criterion_work'],
  [PlaceCriterion.SOCIAL_EFFORT, 'criterion_effort'],
  [PlaceCriterion.EVEN_DISTRIBUTION, 'criterion_distribution'],
];

function scoreText(score: PlaceScore | undefined): string {
  const reason = called(ScoreReasonSchema, score?.reason ?? 0);
  return !score || score.score === 0 ? reason || t('unknown') : `${score.score}: ${reason}`;
}

const columns: Column<RankedPlace>[] = [
  { title: 'municipality', text: ({ municipality }) => municipalityName(municipality) },
  {
    title: 'mean',
    text: ({ mean, known }) =>
      known === 0 ? t('unknown') : t('mean_of', { mean: hundredths(mean, language.value), known }),
    order: ({ mean }) => -mean,
  },
  ...criteria.map(([criterion, title]): Column<RankedPlace> => ({
    title,
    text: ({ scores }) => scoreText(scores.find((one) => one.criterion === criterion)),
    order: ({ scores }) => -(scores.find((one) => one.criterion === criterion)?.score ?? 0),
  })),
  {
    title: 'received',
    number: true,
    text: ({ received }) => String(received),
    order: ({ received }) => received,
  },
];

/** `etag`: of the request; when that has changed the ranking is asked for anew. */
export function Ranked({ id, etag }: { id: string; etag: string }) {
  return (
    <>
      <p class="faint">{t('ranking_advises')}</p>
      <Asked
        ask={() => decisions.rankPlaces({ relocationId: id })}
        again={`${id} ${etag}`}
        shown={({ ranking }) => (
          <Table
            title={t('ranking')}
            file="exitbus-ranking"
            columns={columns}
            rows={ranking?.places ?? []}
            keyOf={({ municipality }) => municipality}
          />
        )}
      />
    </>
  );
}
