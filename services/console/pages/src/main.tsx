// Who is there, then the pages.
import { render } from 'preact';
import { App, Choices } from './app';
import { employee, login, sessionEmployee, takeToken } from './api/caller';
import { follow, self } from './api/live';
import { operations } from './api/operations';
import { refusalOf, type Refusal } from './api/refusal';
import type { GetSelfResponse } from './gen/exitbus/operations/v1/operations_service_pb';
import { readSettings } from './settings';
import './style.css';
import { Entrance } from './views/entrance';

const page = document.getElementById('page')!;

function enter(entered: GetSelfResponse): void {
  self.value = entered;
  follow();
  render(<App />, page);
}

async function begin(): Promise<void> {
  readSettings();
  const token = takeToken();
  const token_refused = token !== undefined && !(await login(token));
  let refusal: Refusal | undefined;
  const logged_in = await sessionEmployee();
  if (logged_in !== undefined) {
    employee.value = logged_in;
    try {
      return enter(await operations.getSelf({}));
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
      <Entrance refusal={refusal} token_refused={token_refused} entered={enter} />
    </>,
    page,
  );
}

void begin();
