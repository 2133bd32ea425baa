// A call that somebody makes: its fields, what came, or why not.
import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';
import { purpose } from '../api/caller';
import { refusalOf, type Refusal } from '../api/refusal';
import { t, type Text } from '../texts';
import { RefusalShown } from './link';

export interface FieldProps {
  label: string;
  name: string;
  how?: string;
  value?: string;
  pattern?: string;
  title?: string;
  complete?: string;
  bytes_max?: number;
}

export function Field({
  label,
  name,
  how,
  value,
  pattern,
  title,
  complete,
  bytes_max,
}: FieldProps) {
  const id = useId();
  return (
    <p class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        name={name}
        required
        defaultValue={value}
        pattern={pattern}
        title={title}
        maxLength={bytes_max}
        autocomplete={complete ?? 'off'}
        spellcheck={false}
        aria-describedby={how && `${id}-how`}
      />
      {how && <small id={`${id}-how`}>{how}</small>}
    </p>
  );
}

export const PurposeField = () => (
  <Field
    label={t('purpose')}
    name="purpose"
    how={t('purpose_how')}
    value={purpose.peek()}
    bytes_max={80}
  />
);

export interface CallProps<Answer> {
  children: ComponentChildren;
  button: string;
  call: (field: (name: string) => string, fields: FormData) => Promise<Answer>;
  lost?: Text; // what to say besides, where nobody answered
  shown: (answer: Answer) => ComponentChildren;
}

export function Call<Answer>({ children, button, call, shown, lost }: CallProps<Answer>) {
  const [answer, setAnswer] = useState<{ is: Answer }>();
  const [refusal, setRefusal] = useState<Refusal>();
  const [busy, setBusy] = useState(false);
  const submit = async (event: Event) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget as HTMLFormElement);
    setBusy(true);
    try {
      setAnswer({ is: await call((name) => String(fields.get(name) ?? '').trim(), fields) });
      setRefusal(undefined);
    } catch (thrown) {
      setAnswer(undefined);
      setRefusal(refusalOf(thrown));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <form class="call" onSubmit={submit}>
        {children}
        <button type="submit" disabled={busy}>
          {button}
        </button>
      </form>
      {refusal && <RefusalShown refusal={refusal} />}
      {refusal?.rule === '' && lost && <p>{t(lost)}</p>}
      <div aria-live="polite">{answer && shown(answer.is)}</div>
    </>
  );
}
