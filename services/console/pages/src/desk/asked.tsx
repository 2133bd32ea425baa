// Something that is asked for once, and again when one wants.
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { refusalOf, type Refusal } from '../api/refusal';
import { RefusalShown } from '../parts/link';
import { t } from '../texts';

export interface AskedProps<Answer> {
  ask: () => Promise<Answer>;
  again: string; // when this changes it is asked anew
  shown: (answer: Answer) => ComponentChildren;
}

export function Asked<Answer>({ ask, again, shown }: AskedProps<Answer>) {
  const [answer, setAnswer] = useState<{ is: Answer }>();
  const [refusal, setRefusal] = useState<Refusal>();
  const [times, setTimes] = useState(0);
  useEffect(() => {
    let over = false;
    ask().then(
      (is) => {
        if (over) return;
        setAnswer({ is });
        setRefusal(undefined);
      },
      (thrown: unknown) => {
        if (!over) setRefusal(refusalOf(thrown));
      },
    );
    return () => {
      over = true;
    };
  }, [again, times]);
  return (
    <>
      {refusal && <RefusalShown refusal={refusal} />}
      {answer ? shown(answer.is) : !refusal && <p>{t('waits_for_rows')}</p>}
      <p>
        <button type="button" onClick={() => setTimes(times + 1)}>
          {t('read_anew')}
        </button>
      </p>
    </>
  );
}
