// All hops that one may see, as they come.
import { overview } from '../api/live';
import { HopKind } from '../gen/exitbus/operations/v1/trace_pb';
import { Channel } from '../gen/exitbus/policy/v1/policy_pb';
import { channelName, hopName } from '../names';
import { Pick } from '../parts/filters';
import { HopList } from '../parts/hops';
import { choice } from '../route';
import { t } from '../texts';

const kinds = [
  HopKind.CREATED,
  HopKind.SENT,
  HopKind.NOT_SENT,
  HopKind.RECEIPTED,
  HopKind.PARKED,
  HopKind.APPLIED,
  HopKind.REFUSED,
];

const is = (name: string, value: string): boolean => choice(name) === '' || choice(name) === value;

export function Live() {
  const channels = [
    ...new Set([...overview.value.streams.values()].map(({ channel }) => channel)),
  ].sort((a, b) => a - b);
  return (
    <>
      <form class="tools" onSubmit={(event) => event.preventDefault()}>
        <Pick
          label={t('authority')}
          name="authority"
          options={[...overview.value.authorities.values()]
            .sort((a, b) => a.name.localeCompare(b.name, 'da'))
            .map(({ authority, name }) => ({ value: authority, name }))}
        />
        <Pick
          label={t('channel')}
          name="channel"
          options={channels.map((one) => ({ value: Channel[one] ?? '', name: channelName(one) }))}
        />
        <Pick
          label={t('hop')}
          name="hop"
          options={kinds.map((one) => ({ value: HopKind[one] ?? '', name: hopName(one) }))}
        />
      </form>
      <HopList
        plotted
        wanted={(hop) =>
          is('authority', hop.authority) &&
          is('channel', Channel[hop.channel] ?? '') &&
          is('hop', HopKind[hop.kind] ?? '')
        }
      />
    </>
  );
}
