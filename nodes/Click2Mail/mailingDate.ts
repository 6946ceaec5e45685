import { invalid } from '../shared/errors';
import type { ParameterReader } from '../shared/operation/types';
import { shown } from '../shared/values/text';

const DAY = 86_400_000;
/** How far ahead mail may be ordered, in days. Source: Create a Job page. */
const LAST = 90;

/**
 * The day on which it is to be mailed, as YYYYMMDD; undefined where none is given. Days are counted where Click2Mail
 * prints, in US Eastern time.
 *
 * @throws OperationError `invalid`
 */
export function mailingDateIn(read: ParameterReader): string | undefined {
	const path = 'options.mailingDate';
	if (!read.isGiven(path)) return undefined;
	const value = read.value(path);
	const text = value instanceof Date ? value.toISOString() : String(value ?? '').trim();
	const [, year, month, day] = /^(\d{4})-?(\d\d)-?(\d\d)(?!\d)/.exec(text) ?? [];
	const time = Date.parse(`${year}-${month}-${day}T00:00:00Z`);
	// The calendar has no 31st of June: it is the 1st of July to a Date.
	if (!Number.isFinite(time) || new Date(time).getUTCDate() !== Number(day)) {
		throw invalid(
			read.label(path),
			`is not a date: "${shown(text)}"`,
			'Pick one, or write it like 2026-12-24.',
		);
	}
	const today = new Intl.DateTimeFormat('en-CA', { timeZone: 'America/New_York' }).format(Date.now());
	const ahead = (time - Date.parse(`${today}T00:00:00Z`)) / DAY;
	if (ahead < 1 || ahead > LAST) {
		const where = ahead < 1 ? 'not after today' : `more than ${LAST} days ahead`;
		throw invalid(read.label(path), `is ${where} (US Eastern time): ${year}-${month}-${day}`);
	}
	return `${year}${month}${day}`;
}
