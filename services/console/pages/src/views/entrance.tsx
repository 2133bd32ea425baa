// Before anything is shown: who is there?
import { useState } from 'preact/hooks';
import { employee } from '../api/caller';
import { operations } from '../api/operations';
import { refusalOf, type Refusal } from '../api/refusal';
import type { GetSelfResponse } from '../gen/exitbus/operations/v1/operations_service_pb';
import { Field } from '../parts/form';
import { RefusalShown } from '../parts/link';
import { t } from '../texts';

export interface EntranceProps {
  refusal: Refusal | undefined; // of the session that was tried
  token_refused: boolean;
  entered: (self: GetSelfResponse) => void;
}

export function Entrance({ refusal: before, token_refused, entered }: EntranceProps) {
  const [refusal, setRefusal] = useState(before);
  const submit = async (event: Event) => {
    event.preventDefault();
    employee.value = String(
      new FormData(event.currentTarget as HTMLFormElement).get('employee') ?? '',
    ).trim();
    try {
      entered(await operations.getSelf({}));
    } catch (thrown) {
      setRefusal(refusalOf(thrown));
    }
  };
  const nobody = refusal?.rule === 'caller.unknown';
  return (
    <main id="content">
      <h1 tabIndex={-1}>{t(nobody ? 'login' : 'employee')}</h1>
      {token_refused && <p role="alert">{t('login_refused')}</p>}
      {nobody && <p>{t('login_how')}</p>}
      {refusal && <RefusalShown refusal={refusal} />}
      <form class="call" onSubmit={submit}>
        <Field
          label={t('employee')}
          name="employee"
          how={t('employee_how')}
          complete="username"
          bytes_max={128}
        />
        <button type="submit">{t('begin')}</button>
      </form>
    </main>
  );
}
