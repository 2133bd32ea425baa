// From a page's load to what it shows: a login's token, a session, or the question who is there.
import { render } from 'preact';
import { employee, login, sessionEmployee, takeToken } from './api/caller';
import { refusalOf, type Refusal } from './api/refusal';
import { Choices } from './parts/frame';
import { readSettings } from './settings';
import './style.css';
import { Entrance, type EntranceProps } from './views/entrance';

type Kind<Answer> = Pick<EntranceProps<Answer>, 'enter' | 'entered' | 'purpose_asked'>;

export const page = document.getElementById('page')!;

export async function begin<Answer>(kind: Kind<Answer>): Promise<void> {
  readSettings();
  const token = takeToken();
  const token_refused = token !== undefined && !(await login(token));
  let refusal: Refusal | undefined;
  const logged_in = await sessionEmployee();
  if (logged_in !== undefined) employee.value = logged_in;
  if (logged_in !== undefined && !kind.purpose_asked) {
    try {
      return kind.entered(await kind.enter());
    } catch (thrown) {
      refusal = refusalOf(thrown);
    }
  }
  render(
    <>
      <header>
        <b>exitbus</b>
        <Choices />
      </header>
      <Entrance {...kind} refusal={refusal} token_refused={token_refused} />
    </>,
    page,
  );
}
