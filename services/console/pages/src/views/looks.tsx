// The account: who looked at what, the newest first.
import { useEffect, useState } from 'preact/hooks';
import { operations } from '../api/operations';
import { refusalOf, type Refusal } from '../api/refusal';
import type { Look } from '../gen/exitbus/operations/v1/account_pb';
import { roleName } from '../names';
import { AgoTime } from '../parts/figures';
import { RefusalShown } from '../parts/link';
import { Table, type Column } from '../parts/table';
import { exactly } from '../say';
import { t } from '../texts';

const columns: Column<Look>[] = [
  {
    title: 'number',
    number: true,
    text: ({ number }) => String(number),
    order: ({ number }) => number,
  },
  { title: 'time', text: ({ time }) => exactly(time), show: ({ time }) => <AgoTime time={time} /> },
  { title: 'role', text: ({ role }) => roleName(role) },
  { title: 'system', text: ({ system }) => system },
  { title: 'employee_column', text: ({ employee }) => employee },
  { title: 'purpose', text: ({ purpose }) => purpose },
  { title: 'method', text: ({ method }) => method, show: ({ method }) => <code>{method}</code> },
  { title: 'subject', text: ({ subject }) => subject },
  {
    title: 'refused_by',
    text: ({ refusedBy }) => refusedBy,
    show: ({ refusedBy }) => refusedBy !== '' && <code>{refusedBy}</code>,
  },
];

export function Looks() {
  const [looks, setLooks] = useState<Look[]>([]);
  const [next, setNext] = useState<string>();
  const [refusal, setRefusal] = useState<Refusal>();
  const fetchAfter = (pageToken: string) =>
    operations.listLooks({ pageSize: 100, pageToken }).then(
      (answer) => {
        setLooks((before) => (pageToken === '' ? answer.looks : [...before, ...answer.looks]));
        setNext(answer.nextPageToken);
        setRefusal(undefined);
      },
      (thrown: unknown) => setRefusal(refusalOf(thrown)),
    );
  useEffect(() => {
    void fetchAfter('');
  }, []);
  return (
    <>
      {refusal && <RefusalShown refusal={refusal} />}
      {next === undefined ? (
        !refusal && <p>{t('waits_for_rows')}</p>
      ) : (
        <Table
          title={t('looks')}
          file="exitbus-looks"
          columns={columns}
          rows={looks}
          keyOf={({ number }) => String(number)}
        />
      )}
      {next && (
        <button
          type="button"
          onClick={() => {
            void fetchAfter(next);
          }}
        >
          {t('older')}
        </button>
      )}
    </>
  );
}
