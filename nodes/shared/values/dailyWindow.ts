import { madeOnce } from './maps';

/** The days of the week, as `Intl` writes them. */
export const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
export type Day = (typeof DAYS)[number];

/**
 * Hours of a day: from the first time on, until before the second, as clocks on the wall show them. A window whose
 * first time is the later one goes over midnight. Both like 08:00.
 */
export interface DailyWindow {
	from: string;
	to: string;
	/** On which it opens; every day where it is left out. */
	days?: readonly Day[];
}

const MINUTE = 60_000;
/** Clocks are changed at whole quarters of an hour. In minutes. */
const QUARTER = 15;
const QUARTERS_A_DAY = 24 * 4;
/**
 * A window that clocks jump over opens the day after, or where it opens on one day of the week, a week after: whatever
 * has not opened by then never does. In quarters.
 */
const LONGEST_WAIT = 3 * QUARTERS_A_DAY;
const LONGEST_WAIT_FOR_A_DAY = 15 * QUARTERS_A_DAY;

/** What a clock in the zone shows, like 08:00. @throws RangeError for what is not a zone */
export const clockIn = formatIn({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

/** The date that a calendar in the zone shows, like 2026-12-24. @throws RangeError for what is not a zone */
export const dateIn = formatIn({}, 'en-CA');

const weekdayIn = formatIn({ weekday: 'long' });

/** The day of the week that a calendar in the zone shows. */
export function dayIn(zone: string, time: number): Day {
	return weekdayIn(zone, time).toLowerCase() as Day;
}

/** Writes a time as people in a zone do. To open what is known of a zone takes long, so it is kept. */
function formatIn(
	options: Intl.DateTimeFormatOptions,
	locale = 'en-GB',
): (zone: string, time: number) => string {
	const formats = new Map<string, Intl.DateTimeFormat>();
	return (zone, time) => {
		const formatOf = () => new Intl.DateTimeFormat(locale, { ...options, timeZone: zone });
		return madeOnce(formats, zone, formatOf).format(time);
	};
}

/** Whether a name is that of a time zone. */
export function isZone(name: string): boolean {
	try {
		return clockIn(name, 0) !== '';
	} catch {
		return false;
	}
}

export function isInside({ from, to, days = DAYS }: DailyWindow, zone: string, time: number): boolean {
	const clock = clockIn(zone, time);
	const isOpen = from < to ? from <= clock && clock < to : from <= clock || clock < to;
	if (!isOpen || days.length === DAYS.length) return isOpen;
	const today = DAYS.indexOf(dayIn(zone, time));
	// After midnight, it is the window of the day before.
	return days.includes(from <= clock ? DAYS[today]! : DAYS.at(today - 1)!);
}

/**
 * The first time from the given one on that is inside the window in all zones; undefined where they share none.
 *
 * Where clocks jump over the opening, the window opens with the jump. Where they are put back over it, it opens twice.
 */
export function nextInside(window: DailyWindow, zones: string[], time: number): number | undefined {
	const isInsideAll = (instant: number) => zones.every((zone) => isInside(window, zone, instant));
	if (isInsideAll(time)) return time;
	const quarter = QUARTER * MINUTE;
	const first = Math.floor(time / quarter) * quarter;
	const isOnSomeDays = (window.days ?? DAYS).length < DAYS.length;
	const wait = isOnSomeDays ? LONGEST_WAIT_FOR_A_DAY : LONGEST_WAIT;
	for (let at = first; at <= first + wait * quarter; at += quarter) {
		// Within a quarter no clock is changed: what opens there does so where a clock shows the opening.
		const openings = zones
			.map((zone) => at + minutesBetween(clockIn(zone, at), window.from) * MINUTE)
			.filter((opening) => opening < at + quarter)
			.sort((a, b) => a - b);
		const found = [at, ...openings].find((instant) => instant > time && isInsideAll(instant));
		if (found !== undefined) return found;
	}
	return undefined;
}

function minutesBetween(clock: string, later: string): number {
	return (minutesOf(later) - minutesOf(clock) + 24 * 60) % (24 * 60);
}

function minutesOf(clock: string): number {
	const [hours, minutes] = clock.split(':').map(Number) as [number, number];
	return hours * 60 + minutes;
}
