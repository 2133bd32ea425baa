// Hops as they come, newest first; they can be held still to be read.
import { useEffect, useMemo, useState } from 'preact/hooks';
import { followHops, overview } from '../api/live';
import { format } from '../model/address';
import type { HeardHop } from '../model/hops';
import { ms } from '../model/times';
import { channelName, hopName } from '../names';
import { exactly, number } from '../say';
import { t } from '../texts';
import { AgoTime } from './figures';
import { LinkShown } from './link';
import { Plot } from './plot';
import { Table, type Column } from './table';

const nameOf = (authority: string): string =>
  overview.value.authorities.get(authority)?.name ?? authority;

const columns: Column<HeardHop>[] = [
  { title: 'authority', text: ({ authority }) => nameOf(authority) },
  { title: 'channel', text: ({ channel }) => channelName(channel) },
  {
    title: 'hop',
    text: ({ kind, failureClass }) => `${hopName(kind)} ${failureClass}`.trim(),
    show: ({ kind, failureClass }) =>
      failureClass === '' ? (
        hopName(kind)
      ) : (
        <span class="standing stuck">
          {hopName(kind)} <code>{failureClass}</code>
        </span>
      ),
  },
  {
    title: 'time',
    text: ({ time }) => exactly(time),
    order: ({ time }) => (time ? ms(time) : 0),
    show: ({ time }) => <AgoTime time={time} />,
  },
  {
    title: 'hop_id',
    text: ({ hopId }) => hopId,
    show: ({ hopId }) => (
      <a href={format('path', hopId)}>
        <code>{hopId}</code>
      </a>
    ),
  },
];

export function HopList({
  wanted,
  plotted,
}: {
  wanted: (hop: HeardHop) => boolean;
  plotted: boolean;
}) {
  const following = useMemo(followHops, []);
  useEffect(() => following.end, [following]);
  const [held, setHeld] = useState<readonly HeardHop[]>();
  const { newest, seconds, left_out } = following.hops.value;
  const rows = (held ?? newest).filter(wanted);
  return (
    <>
      {plotted && <Plot seconds={seconds} />}
      <p class="tools">
        <LinkShown link={following.link.value} />
        <button
          type="button"
          aria-pressed={held !== undefined}
          onClick={() => setHeld(held ? undefined : newest)}
        >
          {t(held ? 'go_on' : 'pause')}
        </button>
      </p>
      {left_out > 0 && <p>{t('left_out', { count: number(left_out) })}</p>}
      <Table
        title={t('hops')}
        file="exitbus-hops"
        columns={columns}
        rows={rows}
        all={newest.length}
        keyOf={(hop) => String(hop.number)}
      />
    </>
  );
}
