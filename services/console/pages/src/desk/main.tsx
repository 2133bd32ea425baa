// The relocation desk, at the contact point's own gateway.
import { render } from 'preact';
import { employee } from '../api/caller';
import { begin, page } from '../begin';
import { Frame, type Views } from '../parts/frame';
import { t } from '../texts';
import { Application, Budget } from './budget';
import { Handover, Handovers } from './handovers';
import { Ledger } from './ledger';
import { follow, relocations } from './live';
import { Request } from './request';
import { Requests } from './requests';

const views: Views = {
  requests: { title: 'requests', shown: () => <Requests /> },
  request: { title: 'request', shown: (id) => <Request id={id} key={id} />, under: 'requests' },
  ledger: { title: 'ledger', shown: () => <Ledger /> },
  budget: { title: 'budget', shown: () => <Budget /> },
  application: {
    title: 'application',
    shown: (id) => <Application id={id} key={id} />,
    under: 'budget',
  },
  handovers: { title: 'handovers', shown: () => <Handovers /> },
  handover: { title: 'handover', shown: (id) => <Handover id={id} key={id} />, under: 'handovers' },
};

function Desk() {
  return (
    <Frame
      views={views}
      first="requests"
      whose={t('contact_point')}
      environment=""
      who={employee.value}
      banner={
        <p class="place">
          <b>exitbus</b> {t('desk')}
        </p>
      }
    />
  );
}

void begin({
  enter: () => relocations.listRelocations({ pageSize: 1 }),
  purpose_asked: true,
  entered: () => {
    follow();
    render(<Desk />, page);
  },
});
