// A message's way through one authority, by its hop id.
import { operations } from '../api/operations';
import { withPurpose } from '../api/transport';
import { overview } from '../api/live';
import type { MessagePath, SeenHop } from '../gen/exitbus/operations/v1/message_path_pb';
import { isShownHop } from '../model/shown';
import { own } from '../api/live';
import { ms, short } from '../model/times';
import { durationFromMs } from '@bufbuild/protobuf/wkt';
import { channelName, hopName } from '../names';
import { Call, Field, PurposeField } from '../parts/form';
import { Exactly, Ago } from '../parts/figures';
import { Facts } from '../parts/table';
import { language, t } from '../texts';
import { route } from '../route';

function Step({ hop, first }: { hop: SeenHop; first: SeenHop }) {
  const after = hop.time && first.time ? ms(hop.time) - ms(first.time) : undefined;
  return (
    <li>
      <b class={hop.failureClass === '' ? '' : 'standing stuck'}>{hopName(hop.kind)}</b>{' '}
      {hop.failureClass !== '' && <code>{hop.failureClass}</code>}
      {hop !== first && after !== undefined && (
        <> {t('after', { age: short(durationFromMs(after), language.value) })}</>
      )}
      <small>
        {' '}
        <Ago since_ms={hop.time && ms(hop.time)} /> · <Exactly time={hop.time} />
      </small>
    </li>
  );
}

function Path({ path }: { path: MessagePath }) {
  const hops = path.hops.filter((hop) => isShownHop(hop, own.value));
  const [first] = hops;
  return (
    <>
      <Facts
        facts={[
          ['authority', overview.value.authorities.get(path.authority)?.name ?? path.authority],
          ['channel', channelName(path.channel)],
          ['hop_id', <code>{path.hopId}</code>],
        ]}
      />
      {first && (
        <ol class="path">
          {hops.map((hop, i) => (
            <Step hop={hop} first={first} key={i} />
          ))}
        </ol>
      )}
      {path.hopsLeftOut && <p>{t('path_left_out')}</p>}
      <p class="faint">{t('path_one_end')}</p>
    </>
  );
}

export function PathView() {
  return (
    <Call
      button={t('show_path')}
      call={(field) =>
        operations.getMessagePath(
          { hopId: field('hop_id').toLowerCase() },
          withPurpose(field('purpose')),
        )
      }
      shown={({ path }) => path && <Path path={path} />}
    >
      <Field
        key={route.value.subject}
        label={t('hop_id')}
        name="hop_id"
        how={t('hop_id_how')}
        value={route.value.subject}
        pattern="[0-9a-fA-F]{32}"
        title={t('hop_id_wrong')}
      />
      <PurposeField />
    </Call>
  );
}
