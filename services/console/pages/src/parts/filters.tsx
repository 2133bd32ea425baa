// What narrows a list; it stands in the address.
import { useId } from 'preact/hooks';
import { standings, type Standing } from '../model/figures';
import { choice, choose } from '../route';
import { t } from '../texts';

export interface Option {
  value: string;
  name: string;
}

interface PickProps {
  label: string;
  name: string;
  options: Option[];
  all?: string; // what no choice is called
}

export function Pick({ label, name, options, all }: PickProps) {
  const id = useId();
  return (
    <span class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        value={choice(name)}
        onChange={(event) => choose(name, event.currentTarget.value)}
      >
        <option value="">{all ?? t('state_all')}</option>
        {options.map((one) => (
          <option value={one.value} key={one.value}>
            {one.name}
          </option>
        ))}
      </select>
    </span>
  );
}

export const PickState = () => (
  <Pick
    label={t('state')}
    name="state"
    options={standings.map((one) => ({ value: one, name: t(one) }))}
  />
);

export function Search() {
  const id = useId();
  return (
    <span class="field">
      <label for={id}>{t('search')}</label>
      <input
        id={id}
        type="search"
        value={choice('search')}
        onInput={(event) => choose('search', event.currentTarget.value)}
      />
    </span>
  );
}

export const inState = (standing: Standing): boolean =>
  choice('state') === '' || choice('state') === standing;

export function found(...texts: string[]): boolean {
  const wanted = choice('search').trim().toLocaleLowerCase('da');
  return wanted === '' || texts.some((text) => text.toLocaleLowerCase('da').includes(wanted));
}
