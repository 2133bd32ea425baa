// Figures, ages and standings. Each reads the clock by itself, so that a second changes no more than it must.
import { FailureClass, type CommonView } from '../gen/exitbus/operations/v1/figures_pb';
import type { Timestamp } from '@bufbuild/protobuf/wkt';
import { commonStanding, type Figure, type Standing } from '../model/figures';
import { ms } from '../model/times';
import { failureName } from '../names';
import { ago, commonText, exactly, figureText, number, standingText, until } from '../say';
import { t } from '../texts';

/** "for 3 min siden", with the moment itself for who asks. */
export function Ago({ since_ms }: { since_ms: number | undefined }) {
  if (since_ms === undefined) return null;
  return (
    <time dateTime={new Date(since_ms).toISOString()} title={new Date(since_ms).toISOString()}>
      {ago(since_ms)}
    </time>
  );
}

export function AgoTime({ time }: { time: Timestamp | undefined }) {
  return time ? <Ago since_ms={ms(time)} /> : <span class="unknown">{t('unknown')}</span>;
}

export function Until({ at_ms }: { at_ms: number | undefined }) {
  if (at_ms === undefined) return <span class="unknown">{t('unknown')}</span>;
  return (
    <time dateTime={new Date(at_ms).toISOString()} title={new Date(at_ms).toISOString()}>
      {until(at_ms)}
    </time>
  );
}

export function FigureShown({
  figure,
  told = number,
}: {
  figure: Figure;
  told?: (count: bigint) => string;
}) {
  const text = figureText(figure, told);
  if (figure.is === 'unknown') return <span class="unknown">{text}</span>;
  if (figure.is === 'not_told') return <span class="faint">{text}</span>;
  return <span class={figure.is === 'known' && figure.count === 0n ? 'faint' : ''}>{text}</span>;
}

/** Letters that wait, and since when the oldest does. */
export function WaitingShown({ figure }: { figure: Figure }) {
  return (
    <>
      <FigureShown figure={figure} />
      {figure.is === 'known' && figure.oldest_ms !== undefined && (
        <small>
          {' '}
          <Ago since_ms={figure.oldest_ms} />
        </small>
      )}
    </>
  );
}

export function StandingShown({ standing }: { standing: Standing }) {
  return <span class={`standing ${standing}`}>{standingText(standing)}</span>;
}

export function CommonShown({ view }: { view: CommonView | undefined }) {
  const [standing = '', ...more] = view?.unknown
    ? [commonText(view)]
    : commonText(view).split(', ');
  return (
    <>
      <span class={`standing ${commonStanding(view)}`}>{standing}</span>
      {more.length > 0 && `, ${more.join(', ')}`}
    </>
  );
}

export function FailureShown({ failure }: { failure: FailureClass }) {
  return failure === FailureClass.UNSPECIFIED ? null : <span>{failureName(failure)}</span>;
}

export const Exactly = ({ time }: { time: Timestamp | undefined }) => <code>{exactly(time)}</code>;
