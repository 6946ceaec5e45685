/** One column of a table. The last one takes what is left of the width and is wrapped at words. */
export interface Column {
	title: string;
	/** For numbers. */
	right?: boolean;
}

const gap = '  ';

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
		Math.max(...[title, ...rows.map((row) => row[place] ?? '')].map(widthOf)),
	);
	const last = widths.length - 1;
	const before = widths.slice(0, last).reduce((sum, each) => sum + each + gap.length, 0);
	widths[last] = Math.min(widths[last] ?? 0, width - before);

	const line = (cells: string[], show = (text: string): string => text): string =>
		cells
			.map((cell, place) => {
				const blanks = ' '.repeat(Math.max(0, (widths[place] ?? 0) - widthOf(cell)));
				return columns[place]?.right ? blanks + show(cell) : show(cell) + blanks;
			})
			.join(gap)
			.trimEnd();

	return [
		line(
			columns.map(({ title }) => title),
			bold,
		),
		widths.map((each) => '─'.repeat(each)).join(gap),
		...rows.flatMap((row) =>
			wrapped(row[last] ?? '', widths[last] ?? 0).map((part, place) =>
				line([...row.slice(0, last).map((cell) => (place === 0 ? cell : '')), part]),
			),
		),
	];
}

/** A text in lines of at most `width` columns, broken at blanks. */
export function wrapped(text: string, width: number): string[] {
	const lines = [''];
	for (const word of text.split(' ')) {
		const current = lines.at(-1) ?? '';
		const longer = current === '' ? word : `${current} ${word}`;
		if (current === '' || widthOf(longer) <= width) lines[lines.length - 1] = longer;
		else lines.push(word);
	}
	return lines;
}

/** Columns that a text takes in a terminal: an emoji takes two. */
export function widthOf(text: string): number {
	return [...text].reduce((sum, character) => sum + (/\p{Emoji_Presentation}/u.test(character) ? 2 : 1), 0);
}
