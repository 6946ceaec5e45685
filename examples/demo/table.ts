import Table, { type HorizontalAlignment } from 'cli-table3';
import stringWidth from 'string-width';

/** One column of a table. The last one takes what is left of the width and is wrapped at words. */
export interface Column {
	title: string;
	/** For numbers. */
	right?: boolean;
}

const gap = '  ';
const nothing = ['top', 'bottom', 'left', 'right'].flatMap((side) => [side, `${side}-mid`]);
const corners = ['top-left', 'top-right', 'bottom-left', 'bottom-right'];
/** Nothing but blanks between columns, and a rule below the titles. */
const plain: Table.TableConstructorOptions = {
	chars: {
		...Object.fromEntries([...nothing, ...corners].map((place) => [place, ''])),
		mid: '─',
		'mid-mid': gap,
		middle: gap,
	},
	style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
	wordWrap: true,
};

/**
 * A plain-text table: titles, a rule, a line or more for each row.
 *
 * @param width of the whole table, in columns of a terminal
 * @param bold how titles are shown
 */
export function table(
	columns: Column[],
	rows: string[][],
	width: number,
	bold = (text: string): string => text,
): string[] {
	const widths = columns.map(({ title }, place) =>
		Math.max(...[title, ...rows.map((row) => row[place] ?? '')].map((text) => stringWidth(text))),
	);
	const before = widths.slice(0, -1).reduce((sum, each) => sum + each + gap.length, 0);
	const last = Math.min(widths.at(-1) ?? 0, width - before);
	return lines(
		{
			head: columns.map(({ title }) => bold(title)),
			colWidths: [...widths.slice(0, -1), last],
			colAligns: columns.map(({ right }): HorizontalAlignment => (right ? 'right' : 'left')),
		},
		rows,
	);
}

/** A text in lines of at most `width` columns, broken at blanks. */
export function wrapped(text: string, width: number): string[] {
	return lines({ colWidths: [width] }, [[text]]);
}

function lines(options: Table.TableConstructorOptions, rows: string[][]): string[] {
	const drawn = new Table({ ...plain, ...options });
	drawn.push(...rows);
	return drawn
		.toString()
		.split('\n')
		.map((line) => line.trimEnd());
}
