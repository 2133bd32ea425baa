// Before anything is shown: who is there?
import { useState } from 'preact/hooks';
import { employee, purpose } from '../api/caller';
import { refusalOf, type Refusal } from '../api/refusal';
import { Field, PurposeField } from '../parts/form';
import { RefusalShown } from '../parts/link';
import { t } from '../texts';

export interface EntranceProps<Answer> {
  enter: () => Promise<Answer>; // a first call, which shows whether one may
  entered: (answer: Answer) => void;
  purpose_asked: boolean; // every call has to say what it is for
  refusal?: Refusal | undefined; // of what was tried before
  token_refused: boolean;
}

export function Entrance<Answer>(props: EntranceProps<Answer>) {
  const [refusal, setRefusal] = useState(props.refusal);
  const submit = async (event: Event) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget as HTMLFormElement);
    employee.value = String(fields.get('employee') ?? '').trim();
    purpose.value = String(fields.get('purpose') ?? '').trim();
    try {
      props.entered(await props.enter());
    } catch (thrown) {
      setRefusal(refusalOf(thrown));
    }
  };
  const nobody = refusal?.rule === 'caller.unknown';
  return (
    <main id="content">
      <h1 tabIndex={-1}>{t(nobody ? 'login' : 'employee')}</h1>
      {props.token_refused && <p role="alert">{t('login_refused')}</p>}
      {nobody && <p>{t('login_how')}</p>}
      {refusal && <RefusalShown refusal={refusal} />}
      <form class="call" onSubmit={submit}>
        <Field
          label={t('employee')}
          name="employee"
          how={t('employee_how')}
          value={employee.peek()}
          complete="username"
          bytes_max={128}
        />
        {props.purpose_asked && <PurposeField />}
        <button type="submit">{t('begin')}</button>
      </form>
    </main>
  );
}
