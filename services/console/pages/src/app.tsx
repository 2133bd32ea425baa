// The frame around every page: whose it is, where else one can go, and how well it is connected.
import { useEffect, useId, useRef } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import { employee } from './api/caller';
import { link, overview, self } from './api/live';
import { Role } from './gen/exitbus/operations/v1/account_pb';
import { format } from './model/address';
import { roleName } from './names';
import { LinkShown, StaleShown } from './parts/link';
import { route } from './route';
import { chooseColours, chooseLanguage, colours, type Colours } from './settings';
import { language, t, type Language, type Text } from './texts';
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

interface View {
  title: Text;
  shown: (subject: string) => ComponentChildren;
  under?: string; // the view it is reached from; unset: it stands in the list itself
  operators?: boolean; // for operators alone
}

const views: Record<string, View> = {
  streams: { title: 'streams', shown: () => <Streams /> },
  stream: {
    title: 'stream',
    shown: (topic) => <Stream topic={topic} key={topic} />,
    under: 'streams',
  },
  live: { title: 'live', shown: () => <Live /> },
  authorities: { title: 'authorities', shown: () => <Authorities /> },
  authority: { title: 'authority', shown: (id) => <Authority id={id} />, under: 'authorities' },
  path: { title: 'path', shown: () => <PathView />, operators: true },
  connection: { title: 'connection', shown: () => <Connection />, operators: true },
  papers: { title: 'papers', shown: () => <Papers /> },
  broker: { title: 'broker', shown: () => <Broker /> },
  looks: { title: 'looks', shown: () => <Looks />, operators: true },
};

const isOperator = (): boolean =>
  self.value?.role === Role.EXCHANGE_OPERATOR || self.value?.role === Role.AUTHORITY_OPERATOR;

function shownView(): [name: string, view: View | undefined] {
  const name = route.value.view || 'streams';
  const view = Object.hasOwn(views, name) ? views[name] : undefined;
  return [name, view?.operators && !isOperator() ? undefined : view];
}

/** Of whom this page is: of the one that is looked at, or of all. */
function authorityOf(name: string): string {
  const { authorities, streams } = overview.value;
  const id =
    name === 'authority'
      ? route.value.subject
      : name === 'stream'
        ? streams.get(route.value.subject)?.reader
        : undefined;
  if (id !== undefined) return authorities.get(id)?.name ?? id;
  return self.value?.authorityName || t('all_authorities');
}

function Select<Value extends string>({
  label,
  value,
  options,
  choose,
}: {
  label: string;
  value: Value;
  options: [Value, string][];
  choose: (value: Value) => void;
}) {
  const id = useId();
  return (
    <span class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        value={value}
        onChange={(event) => choose(event.currentTarget.value as Value)}
      >
        {options.map(([one, name]) => (
          <option value={one} key={one}>
            {name}
          </option>
        ))}
      </select>
    </span>
  );
}

export function Choices() {
  return (
    <div class="choices">
      <Select<Language>
        label={t('language')}
        value={language.value}
        choose={chooseLanguage}
        options={[
          ['da', 'Dansk'],
          ['en', 'English'],
        ]}
      />
      <Select<Colours>
        label={t('colours')}
        value={colours.value}
        choose={chooseColours}
        options={[
          ['', t('colours_machine')],
          ['light', t('colours_light')],
          ['dark', t('colours_dark')],
        ]}
      />
    </div>
  );
}

function Navigation({ name }: { name: string }) {
  const current = views[name]?.under ?? name;
  return (
    <nav aria-label={t('pages')}>
      <ul>
        {Object.entries(views)
          .filter(([, view]) => !view.under && (!view.operators || isOperator()))
          .map(([one, view]) => (
            <li key={one}>
              <a href={format(one)} aria-current={one === current ? 'page' : undefined}>
                {t(view.title)}
              </a>
            </li>
          ))}
      </ul>
    </nav>
  );
}

export function App() {
  const [name, view] = shownView();
  const authority = authorityOf(name);
  const environment = self.value?.environment ?? '';
  const title = view ? t(view.title) : t('no_such_page');
  const heading = useRef<HTMLHeadingElement>(null);
  const shown = `${name}/${route.value.subject}`;
  const first = useRef(shown);
  useEffect(() => {
    document.title = [title, authority, environment, 'exitbus']
      .filter((one) => one !== '')
      .join(' · ');
  });
  useEffect(() => {
    if (first.current !== shown) heading.current?.focus();
    first.current = shown;
  }, [shown]);
  return (
    <>
      <a
        class="skip"
        href="#content"
        onClick={(event) => {
          event.preventDefault();
          heading.current?.focus();
        }}
      >
        {t('skip')}
      </a>
      <header>
        <p class="place">
          <b>exitbus</b>{' '}
          <span class={self.value?.development ? 'environment development' : 'environment'}>
            {environment}
          </span>{' '}
          <span>{self.value?.authorityName || t('all_authorities')}</span>
        </p>
        <p>
          <LinkShown link={link.value} />{' '}
          {t('who', {
            employee: employee.value,
            role: roleName(self.value?.role ?? Role.UNSPECIFIED),
          })}
        </p>
        <Choices />
        <Navigation name={name} />
        {self.value?.development && <p class="faint">{t('development')}</p>}
      </header>
      <main id="content" class={link.value.is === 'lost' ? 'old' : ''}>
        <StaleShown />
        <h1 ref={heading} tabIndex={-1}>
          {title}{' '}
          <small>
            {authority} · {environment}
          </small>
        </h1>
        {view ? view.shown(route.value.subject) : null}
      </main>
    </>
  );
}
