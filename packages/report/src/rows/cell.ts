import { visible } from '@why502/model';

/** Rows of values with their columns, as a store answers. */
export interface Rows {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly unknown[])[];
}

/** Whether a column holds numbers, by its type in ClickHouse. */
export function isNumeric({ type }: { readonly type: string }): boolean {
  return /^(?:Nullable\()?(?:U?Int|Float|Decimal)/.test(type);
}

/** A value as text in which nothing is acted on; absence is empty. */
export function cellText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return visible(value);
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object'))
    return value.map(cellText).join(', ');
  return typeof value === 'object' ? visible(JSON.stringify(value)) : String(value);
}
