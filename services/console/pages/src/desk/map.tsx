// The country, each municipality in a look of its own. All of it stands in a table beside it as well.
import { mapBox, municipalities } from 'virtual:municipalities';
import { t, type Text } from '../texts';

export interface MapProps<Look extends string> {
  looks: ReadonlyMap<string, Look>; // by code; the others have the last of `legend`
  legend: { look: Look; name: Text }[];
}

export function CountryMap<Look extends string>({ looks, legend }: MapProps<Look>) {
  const other = legend.at(-1)?.look;
  const nameOf = (look: Look | undefined) => legend.find((one) => one.look === look)?.name;
  return (
    <figure class="map">
      <svg viewBox={`0 0 ${mapBox.width} ${mapBox.height}`} role="img" aria-label={t('map_of')}>
        {municipalities.map(({ code, name, d }) => {
          const look = looks.get(code) ?? other;
          const says = nameOf(look);
          return (
            <path key={code} class={`look-${look}`} d={d}>
              <title>{`${name}: ${says ? t(says) : ''}`}</title>
            </path>
          );
        })}
      </svg>
      <figcaption>
        <ul class="legend">
          {legend.map(({ look, name }) => (
            <li key={look}>
              <svg class="swatch" viewBox="0 0 1 1" aria-hidden="true">
                <path class={`look-${look}`} d="M0 0H1V1H0Z" />
              </svg>{' '}
              {t(name)}
            </li>
          ))}
        </ul>
      </figcaption>
    </figure>
  );
}
