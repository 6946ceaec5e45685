import { invalid } from '../shared/errors';
import type { ParameterReader } from '../shared/operation/types';
import { dateIn } from '../shared/values/dailyWindow';
import { shown } from '../shared/values/text';

const DAY = 86_400_000;
/** How far ahead mail may be ordered, in days. Source: Create a Job page. */
const LAST = 90;

/** A time in UTC, such as a Date is written, but midnight: nobody has told the day that is meant. */
const MOMENT = /^[\d-]+T(?!00:00(:00(\.0+)?)?Z)[\d:.]+Z$/;

/**
 * The day on which it is to be mailed, as YYYYMMDD; undefined where none is given. It is the day as it is written, and of
 * a moment in UTC the one that the workflow's calendar shows. Days are counted where Click2Mail prints, in US Eastern time.
 *
 * @throws OperationError `invalid`
 */
export function mailingDateIn(read: ParameterReader): string | undefined {
	const path = 'options.mailingDate';
	if (!read.isGiven(path)) return undefined;
	// A Date and a luxon DateTime write themselves for JSON.
	const text = String(JSON.parse(JSON.stringify(read.value(path) ?? '')) ?? '').trim();
	const moment = MOMENT.test(text) ? Date.parse(text) : NaN;
	const written = Number.isNaN(moment) ? text : dateIn(read.timeZone, moment);
	const [, year, month, day] = /^(\d{4})-?(\d\d)-?(\d\d)(?:$|[T\s]+\d\d?:?\d\d)/.exec(written) ?? [];
	const time = Date.parse(`${year}-${month}-${day}T00:00:00Z`);
	// The calendar has no 31st of June: it is the 1st of July to a Date.
	if (!Number.isFinite(time) || new Date(time).getUTCDate() !== Number(day)) {
		const advice = 'Pick one, or write it like 2026-12-24.';
		throw invalid(read.label(path), `is not a date: "${shown(text)}"`, advice);
	}
	const today = dateIn('America/New_York', Date.now());
	const ahead = (time - Date.parse(`${today}T00:00:00Z`)) / DAY;
	if (ahead < 1 || ahead > LAST) {
		const where = ahead < 1 ? 'not after today' : `more than ${LAST} days ahead`;
		throw invalid(read.label(path), `is ${where} (US Eastern time): ${year}-${month}-${day}`);
	}
	return `${year}${month}${day}`;
}
