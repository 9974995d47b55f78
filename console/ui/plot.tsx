/** Plots as plain SVG. Each says in words what it shows, and can be read as a table. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { number, say } from '../i18n/language.ts';
import { Table } from './table.tsx';

interface Series {
  name: string;
  /** The class of its colour. */
  fill: string;
}

export interface PlotColumn {
  /** In full, for the table. */
  label: string;
  /** Below the axis. */
  short: string;
  /** One for each series. */
  values: readonly number[];
}

interface PlotProps {
  title: string;
  /** What one sees in it, for those who don't. */
  summary: string;
  series: readonly Series[];
  columns: readonly PlotColumn[];
  /** What a column stands for: "Giorno". */
  of: string;
  /** On top of each other, or side by side. */
  isStacked?: boolean;
}

const HEIGHT = 220;
const TOP = 10;
const BOTTOM = 26;
const LEFT = 46;
/** A label below the axis takes so much, in pixels. */
const LABEL = 56;

export function Plot({ title, summary, series, columns, of, isStacked = true }: PlotProps) {
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const highest = Math.max(
    ...columns.map(({ values }) => (isStacked ? sum(values) : Math.max(...values))),
    0,
  );
  const ticks = ticksTo(highest);
  const top = ticks.at(-1) ?? 1;
  const inner = HEIGHT - TOP - BOTTOM;
  const y = (value: number) => TOP + inner * (1 - value / top);
  const step = (width - LEFT) / Math.max(1, columns.length);
  const everyLabel = Math.max(1, Math.ceil(LABEL / step));
  const gap = Math.min(step * 0.2, 6);

  return (
    <figure class="card plot">
      <figcaption>
        <h2>{title}</h2>
      </figcaption>
      <ul class="legend">
        {series.map(({ name, fill }) => (
          <li key={name}>
            <svg class="swatch" viewBox="0 0 10 10" aria-hidden="true">
              <rect class={fill} width="10" height="10" rx="2" />
            </svg>
            {name}
          </li>
        ))}
      </ul>
      <div ref={frame}>
        <svg role="img" aria-label={`${title}. ${summary}`} width={width} height={HEIGHT} class="plot-area">
          {ticks.map((tick) => (
            <g key={tick}>
              <line class="grid" x1={LEFT} x2={width} y1={y(tick)} y2={y(tick)} />
              <text class="tick" x={LEFT - 8} y={y(tick) + 4} text-anchor="end">
                {number(tick)}
              </text>
            </g>
          ))}
          {columns.map(({ label, short, values }, index) => {
            const x = LEFT + step * index;
            return (
              <g key={label}>
                {values.map((value, order) => {
                  const below = isStacked ? sum(values.slice(0, order)) : 0;
                  const breadth = isStacked ? step - gap : (step - gap) / values.length;
                  return (
                    <rect
                      key={series[order]?.name}
                      class={series[order]?.fill}
                      x={x + gap / 2 + (isStacked ? 0 : breadth * order)}
                      width={Math.max(1, breadth)}
                      y={y(below + value)}
                      height={y(below) - y(below + value)}
                    />
                  );
                })}
                {index % everyLabel === 0 && (
                  <text class="tick" x={x + gap / 2} y={HEIGHT - 6}>
                    {short}
                  </text>
                )}
                <rect class="touch" x={x} y={TOP} width={step} height={inner}>
                  <title>
                    {`${label}: ${values.map((value, order) => `${series[order]?.name} ${number(value)}`).join(', ')}`}
                  </title>
                </rect>
              </g>
            );
          })}
        </svg>
      </div>
      <p class="muted small">{summary}</p>
      <details>
        <summary>{say({ it: 'Leggi come tabella', en: 'Read as a table' })}</summary>
        <div class="details-body">
          <Table
            caption={title}
            rows={columns}
            keyOf={({ label }) => label}
            columns={[
              { name: of, cell: ({ label }) => label },
              ...series.map(({ name }, order) => ({
                name,
                cell: ({ values }: PlotColumn) => number(values[order] ?? 0),
              })),
            ]}
          />
        </div>
      </details>
    </figure>
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Four whole numbers or so from 0 up to the highest value, or a little more. */
function ticksTo(highest: number): number[] {
  const rough = Math.max(1, highest / 4);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= rough) ?? rough;
  const count = Math.max(1, Math.ceil(highest / step));
  return Array.from({ length: count + 1 }, (_, index) => index * step);
}

/** How wide the plot may be: its letters stay as large as all others. */
function useWidth(frame: { current: HTMLElement | null }): number {
  const [width, setWidth] = useState(320);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setWidth(Math.max(240, Math.floor(entry.contentRect.width)));
    });
    if (frame.current) observer.observe(frame.current);
    return () => observer.disconnect();
  }, []);
  return width;
}

/** A value beside the others of its column in a table. @param share from 0 to 1 */
export function Bar({ share, fill }: { share: number; fill: string }) {
  return (
    <svg class="bar-cell" aria-hidden="true">
      <rect class={fill} width={`${Math.max(share > 0 ? 1 : 0, share * 100)}%`} height="100%" rx="3" />
    </svg>
  );
}
