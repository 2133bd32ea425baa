// One stream live: its figures, and its reader's hops on that channel.
import { now_ms } from '../api/clock';
import { overview } from '../api/live';
import { format } from '../model/address';
import { countFigure } from '../model/figures';
import { streamLine } from '../model/streams';
import { channelName, kindName } from '../names';
import { Ago, CommonShown, FigureShown, StandingShown } from '../parts/figures';
import { HopList } from '../parts/hops';
import { Facts } from '../parts/table';
import { t } from '../texts';

export function Stream({ topic }: { topic: string }) {
  const row = overview.value.streams.get(topic);
  if (!row) return <p>{overview.value.caught_up ? t('no_such_stream') : t('waits_for_rows')}</p>;
  const line = streamLine(row, overview.value.authorities, now_ms.value);
  return (
    <>
      <Facts
        facts={[
          ['topic', <code>{topic}</code>],
          [
            'reader',
            <a href={format('authority', row.reader)}>{line.reader?.name ?? row.reader}</a>,
          ],
          ['channel', channelName(row.channel)],
          [
            'writers',
            t('writers_of', {
              count: row.writers,
              kinds: row.writerKinds.map(kindName).join(', '),
            }),
          ],
          [
            'state',
            line.common ? (
              <>
                <CommonShown view={line.common} /> <small>{t('common')}</small>
              </>
            ) : (
              <StandingShown standing={line.standing} />
            ),
          ],
          ['lag', <FigureShown figure={line.lag} />],
          [
            'oldest',
            line.oldest_ms === undefined ? (
              t(line.common ? 'not_shown' : 'nothing_waits')
            ) : (
              <Ago since_ms={line.oldest_ms} />
            ),
          ],
          ['records', <FigureShown figure={countFigure(row.records)} />],
        ]}
      />
      <h2>{t('hops')}</h2>
      {line.common ? (
        <p class="faint">{t('hops_hidden')}</p>
      ) : (
        <HopList
          plotted={false}
          wanted={(hop) => hop.authority === row.reader && hop.channel === row.channel}
        />
      )}
    </>
  );
}
