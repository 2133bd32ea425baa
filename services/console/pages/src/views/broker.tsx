// The broker as the console reaches it, and the directory against what is there.
import { overview, self } from '../api/live';
import { countFigure } from '../model/figures';
import { ms } from '../model/times';
import { AgoTime, FigureShown } from '../parts/figures';
import { Facts } from '../parts/table';
import { lasted, number } from '../say';
import { t } from '../texts';

export function Broker() {
  const exchange = overview.value.exchange;
  if (!exchange) return <p>{t('waits_for_rows')}</p>;
  const age = exchange.brokerSince ? lasted(ms(exchange.brokerSince)) : t('unknown');
  return (
    <Facts
      facts={[
        [
          'broker',
          exchange.brokerReached ? (
            <span class="standing fine">{t('broker_reached', { age })}</span>
          ) : (
            <span class="standing stuck">
              {t('broker_not_reached', { age, why: exchange.brokerFailure })}
            </span>
          ),
        ],
        ['brokers', <FigureShown figure={countFigure(exchange.brokers)} />],
        ['directory_version', number(exchange.directoryVersion)],
        ['topics_missing', <FigureShown figure={countFigure(exchange.topicsMissing)} />],
        ['topics_unlisted', <FigureShown figure={countFigure(exchange.topicsUnlisted)} />],
        [
          'topics_under_replicated',
          <FigureShown figure={countFigure(exchange.topicsUnderReplicated)} />,
        ],
        ['traces_refused', number(exchange.tracesRefused)],
        ['console_started', <AgoTime time={exchange.consoleStarted} />],
        ['console_version', self.value?.version || t('unknown')],
      ]}
    />
  );
}
