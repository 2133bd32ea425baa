// A change that somebody makes at the desk. It is sent again under the same request id until it is answered, so that
// it happens once.
import type { ComponentChildren } from 'preact';
import { useId, useRef } from 'preact/hooks';
import type { Message } from '@bufbuild/protobuf';
import { Call } from '../parts/form';
import { t, type Text } from '../texts';
import type { Named } from './values';

export interface Change {
  requestId: string;
  etag: string;
}

export interface ActProps {
  button: Text;
  etag: string; // of what is seen: it is refused if that has changed since
  act: (change: Change, fields: FormData) => Promise<Message>;
  children?: ComponentChildren;
}

export function Act({ button, etag, act, children }: ActProps) {
  const attempt = useRef({ content: '', requestId: '' });
  const call = async (_: unknown, fields: FormData) => {
    const content = JSON.stringify([etag, ...fields]);
    if (attempt.current.content !== content)
      attempt.current = { content, requestId: crypto.randomUUID() };
    const answer = await act({ requestId: attempt.current.requestId, etag }, fields);
    attempt.current = { content: '', requestId: '' };
    return answer;
  };
  return (
    <section class="act">
      <h3>{t(button)}</h3>
      <Call button={t(button)} call={call} shown={() => <p>{t('done')}</p>} lost="act_lost">
        {children}
      </Call>
    </section>
  );
}

export function ChooseOne({
  label,
  name,
  options,
}: {
  label: Text;
  name: string;
  options: Named[];
}) {
  const id = useId();
  return (
    <p class="field">
      <label for={id}>{t(label)}</label>
      <select id={id} name={name} required>
        {options.map(({ value, name: shown }) => (
          <option value={value} key={value}>
            {shown}
          </option>
        ))}
      </select>
    </p>
  );
}

export function ChooseSome({
  label,
  name,
  options,
}: {
  label: Text;
  name: string;
  options: Named[];
}) {
  return (
    <fieldset>
      <legend>{t(label)}</legend>
      {options.map(({ value, name: shown }) => (
        <label key={value}>
          <input type="checkbox" name={name} value={value} /> {shown}
        </label>
      ))}
    </fieldset>
  );
}

export const numbers = (fields: FormData, name: string): number[] =>
  fields.getAll(name).map(Number);
