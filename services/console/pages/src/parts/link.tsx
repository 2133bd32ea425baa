// How well the page is connected, and what is not fresh while it is not.
import { link, now_ms, thereAt } from '../api/clock';
import type { Link } from '../api/watch';
import type { Refusal } from '../api/refusal';
import { clock, span } from '../model/times';
import { language, t } from '../texts';
import { useEffect, useState } from 'preact/hooks';

const looks = { live: 'fine', connecting: 'waiting', lost: 'stuck' };

export function LinkShown({ link: { is } }: { link: Link }) {
  return <span class={`standing ${looks[is]}`}>{t(`link_${is}`)}</span>;
}

export function RefusalShown({ refusal }: { refusal: Refusal }) {
  return (
    <div class="refusal" role="alert">
      {refusal.rule === '' ? (
        t('nobody_answers')
      ) : (
        <>
          {t('refused', { rule: refusal.rule })} <span lang="en">{refusal.message}</span>
        </>
      )}
    </div>
  );
}

/** The seconds go on here although the console's clock stands still. */
function useSecond(): number {
  const [second, setSecond] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setSecond(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return second;
}

function Stale({ since_ms, why }: { since_ms: number; why: Refusal | undefined }) {
  const second = useSecond();
  const shown = now_ms.value > 0;
  return (
    <div class="stale">
      <p role="alert">
        {shown ? t('stale', { clock: clock(thereAt(since_ms), language.value) }) : t('never_shown')}
      </p>
      {shown && <p>{t('stale_age', { age: span(second - since_ms, language.value) })}</p>}
      {why && why.rule !== '' && <RefusalShown refusal={why} />}
    </div>
  );
}

export function StaleShown() {
  const is = link.value;
  return is.is === 'lost' ? <Stale since_ms={is.since_ms} why={is.why} /> : null;
}
