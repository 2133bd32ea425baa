// How many hops a second. uPlot is fetched when it is first wanted.
import { useEffect, useRef } from 'preact/hooks';
import type uPlot from 'uplot';
import type { Second } from '../model/hops';
import { colours } from '../settings';
import { number } from '../say';
import { clock, span } from '../model/times';
import { language, t } from '../texts';

const height = 160;

async function draw(place: HTMLElement, ink: string, faint: string): Promise<uPlot> {
  const [{ default: Plot }] = await Promise.all([
    import('uplot'),
    import('uplot/dist/uPlot.min.css'),
  ]);
  const axis = {
    stroke: ink,
    grid: { stroke: faint, width: 1 },
    ticks: { stroke: faint, width: 1 },
  };
  return new Plot(
    {
      width: place.clientWidth,
      height,
      legend: { show: false },
      cursor: { show: false },
      axes: [
        {
          ...axis,
          incrs: [1, 2, 5, 10, 15, 30, 60, 120],
          space: 80,
          values: (_, at_s) => at_s.map((one) => clock(one * 1000, language.value)),
        },
        { ...axis, size: 48 },
      ],
      scales: { y: { range: (_, __, most) => [0, Math.max(1, most * 1.1)] } },
      series: [{}, { stroke: ink, width: 1.5, fill: faint, points: { show: false } }],
    },
    [[], []],
    place,
  );
}

const dataOf = (seconds: readonly Second[]): uPlot.AlignedData => [
  seconds.map(({ at_s }) => at_s),
  seconds.map(({ hops }) => hops),
];

/** In words too, for who does not see it. */
function said(seconds: readonly Second[]): string {
  if (seconds.length === 0) return t('rate_none');
  return t('rate_said', {
    sum: number(seconds.reduce((sum, { hops }) => sum + hops, 0)),
    most: number(Math.max(...seconds.map(({ hops }) => hops))),
    age: span(seconds.length * 1000, language.value),
  });
}

export function Plot({ seconds }: { seconds: readonly Second[] }) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const newest = useRef(seconds);
  newest.current = seconds;
  const machine = matchMedia('(prefers-color-scheme: dark)').matches;
  const dark = colours.value === '' ? machine : colours.value === 'dark';
  useEffect(() => {
    const element = place.current;
    if (!element) return undefined;
    let over = false;
    const style = getComputedStyle(element);
    void draw(element, style.color, style.borderTopColor).then((made) => {
      if (over) return made.destroy();
      plot.current = made;
      made.setData(dataOf(newest.current));
    });
    const watch = new ResizeObserver(() =>
      plot.current?.setSize({ width: element.clientWidth, height }),
    );
    watch.observe(element);
    return () => {
      over = true;
      watch.disconnect();
      plot.current?.destroy();
      plot.current = undefined;
    };
  }, [dark]);
  plot.current?.setData(dataOf(seconds));
  return (
    <figure>
      <div class="plot" ref={place} aria-hidden="true" />
      <figcaption>
        {t('per_second')}: {said(seconds)}
      </figcaption>
    </figure>
  );
}
