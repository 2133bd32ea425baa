// The operators' pages, and who has which.
import { employee } from './api/caller';
import { overview, self } from './api/live';
import { Role } from './gen/exitbus/operations/v1/account_pb';
import { roleName } from './names';
import { Frame, viewName, type Views } from './parts/frame';
import { route } from './route';
import { t } from './texts';
import { Authorities } from './views/authorities';
import { Authority } from './views/authority';
import { Broker } from './views/broker';
import { Connection } from './views/connection';
import { Live } from './views/live';
import { Looks } from './views/looks';
import { Papers } from './views/papers';
import { PathView } from './views/path';
import { Stream } from './views/stream';
import { Streams } from './views/streams';

const everybodys: Views = {
  streams: { title: 'streams', shown: () => <Streams /> },
  stream: {
    title: 'stream',
    shown: (topic) => <Stream topic={topic} key={topic} />,
    under: 'streams',
  },
  live: { title: 'live', shown: () => <Live /> },
  authorities: { title: 'authorities', shown: () => <Authorities /> },
  authority: { title: 'authority', shown: (id) => <Authority id={id} />, under: 'authorities' },
  papers: { title: 'papers', shown: () => <Papers /> },
  broker: { title: 'broker', shown: () => <Broker /> },
};

const operators: Views = {
  ...everybodys,
  path: { title: 'path', shown: () => <PathView /> },
  connection: { title: 'connection', shown: () => <Connection /> },
  looks: { title: 'looks', shown: () => <Looks /> },
};

/** Of whom this page is: of the one that is looked at, or of all. */
function whose(): string {
  const { authorities, streams } = overview.value;
  const { subject } = route.value;
  const name = viewName('streams');
  const id =
    name === 'authority' ? subject : name === 'stream' ? streams.get(subject)?.reader : undefined;
  if (id !== undefined) return authorities.get(id)?.name ?? id;
  return self.value?.authorityName || t('all_authorities');
}

function Banner() {
  const development = self.value?.development ?? false;
  return (
    <p class="place">
      <b>exitbus</b>{' '}
      <span class={development ? 'environment development' : 'environment'}>
        {self.value?.environment}
      </span>{' '}
      {self.value?.authorityName || t('all_authorities')}
      {development && <small> {t('development')}</small>}
    </p>
  );
}

export function App() {
  const role = self.value?.role ?? Role.UNSPECIFIED;
  const operates = role === Role.EXCHANGE_OPERATOR || role === Role.AUTHORITY_OPERATOR;
  return (
    <Frame
      views={operates ? operators : everybodys}
      first="streams"
      whose={whose()}
      environment={self.value?.environment ?? ''}
      who={t('who', { employee: employee.value, role: roleName(role) })}
      banner={<Banner />}
    />
  );
}
