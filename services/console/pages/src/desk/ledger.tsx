// The ledger of the even distribution: what municipalities have received, sent and answered.
import type { MunicipalityBalance } from '../gen/exitbus/relocation/v1/decision_service_pb';
import { Table, type Column } from '../parts/table';
import { t, type Text } from '../texts';
import { Asked } from './asked';
import { decisions } from './live';
import { CountryMap } from './map';
import { ledgerLook, ledgerLooks } from './model';
import { municipalityName } from './names';

type Count = 'received' | 'active' | 'sent' | 'declined' | 'unanswered';

const counted = (title: Text & Count): Column<MunicipalityBalance> => ({
  title,
  number: true,
  text: (row) => String(row[title]),
  order: (row) => -row[title],
});

const columns: Column<MunicipalityBalance>[] = [
  { title: 'municipality', text: ({ municipality }) => municipalityName(municipality) },
  { title: 'code', text: ({ municipality }) => municipality },
  counted('received'),
  counted('active'),
  counted('sent'),
  counted('declined'),
  counted('unanswered'),
];

const looksOf = (rows: MunicipalityBalance[]) =>
  new Map(
    rows.map(({ municipality, received, active }) => [municipality, ledgerLook(received + active)]),
  );

export function Ledger() {
  return (
    <Asked
      ask={() => decisions.getRelocationBalance({})}
      again=""
      shown={({ balance }) => {
        const rows = balance?.municipalities ?? [];
        return (
          <>
            <CountryMap
              looks={looksOf(rows)}
              legend={[...ledgerLooks]
                .reverse()
                .map((look) => ({ look, name: `map_${look}` as const }))}
            />
            <Table
              title={t('ledger')}
              file="exitbus-ledger"
              columns={columns}
              rows={rows}
              keyOf={({ municipality }) => municipality}
            />
          </>
        );
      }}
    />
  );
}
