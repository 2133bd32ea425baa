// The frame around every page: whose it is, where else one can go, and how well it is connected.
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { link } from '../api/clock';
import { format } from '../model/address';
import { route } from '../route';
import { chooseColours, chooseLanguage, colours, type Colours } from '../settings';
import { language, t, type Language, type Text } from '../texts';
import { LinkShown, StaleShown } from './link';

export interface View {
  title: Text;
  shown: (subject: string) => ComponentChildren;
  under?: string; // the view it is reached from; unset: it stands in the list itself
}

export type Views = Readonly<Record<string, View>>;

interface SelectProps<Value extends string> {
  label: string;
  value: Value;
  options: [Value, string][];
  choose: (value: Value) => void;
}

function Select<Value extends string>({ label, value, options, choose }: SelectProps<Value>) {
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

function Navigation({ views, current }: { views: Views; current: string }) {
  return (
    <nav aria-label={t('pages')}>
      <ul>
        {Object.entries(views)
          .filter(([, view]) => !view.under)
          .map(([name, view]) => (
            <li key={name}>
              <a href={format(name)} aria-current={name === current ? 'page' : undefined}>
                {t(view.title)}
              </a>
            </li>
          ))}
      </ul>
    </nav>
  );
}

/** The name of the view that the address asks for. */
export const viewName = (first: string): string => route.value.view || first;

export interface FrameProps {
  views: Views;
  first: string; // the view of an address without one
  whose: string; // page's authority, and the environment, for every title
  environment: string;
  who: string;
  banner?: ComponentChildren;
}

export function Frame({ views, first, whose, environment, who, banner }: FrameProps) {
  const name = viewName(first);
  const view = Object.hasOwn(views, name) ? views[name] : undefined;
  const title = view ? t(view.title) : t('no_such_page');
  const place = [whose, environment].filter((one) => one !== '');
  const heading = useRef<HTMLHeadingElement>(null);
  const shown = `${name}/${route.value.subject}`;
  const before = useRef(shown);
  useEffect(() => {
    document.title = [title, ...place, 'exitbus'].join(' · ');
  });
  useEffect(() => {
    if (before.current !== shown) heading.current?.focus();
    before.current = shown;
  }, [shown]);
  const skip = (event: Event) => {
    event.preventDefault();
    heading.current?.focus();
  };
  return (
    <>
      <a class="skip" href="#content" onClick={skip}>
        {t('skip')}
      </a>
      <header>
        {banner}
        <p>
          <LinkShown link={link.value} /> {who}
        </p>
        <Choices />
        <Navigation views={views} current={view?.under ?? name} />
      </header>
      <main id="content" class={link.value.is === 'lost' ? 'old' : ''}>
        <StaleShown />
        <h1 ref={heading} tabIndex={-1}>
          {title} <small>{place.join(' · ')}</small>
        </h1>
        {view?.shown(route.value.subject)}
      </main>
    </>
  );
}
