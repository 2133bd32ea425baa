// The operators' pages, at a console. At a contact point's gateway, which is no console, the desk is shown.
import { Code, ConnectError } from '@connectrpc/connect';
import { render } from 'preact';
import { follow, self } from './api/live';
import { operations } from './api/operations';
import { App } from './app';
import { begin, page } from './begin';

async function whoAmI() {
  try {
    return await operations.getSelf({});
  } catch (thrown) {
    if (ConnectError.from(thrown).code === Code.Unimplemented) location.replace('./desk.html');
    throw thrown;
  }
}

void begin({
  enter: whoAmI,
  purpose_asked: false,
  entered: (entered) => {
    self.value = entered;
    follow();
    render(<App />, page);
  },
});
