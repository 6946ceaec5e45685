import { invalid } from '../errors';
import { choice, choiceField, collectionField, textField } from '../operation/fields';
import type { ParameterReader } from '../operation/types';
import { DAYS, isZone, type DailyWindow, type Day } from '../values/dailyWindow';
import { shown } from '../values/text';

/** The hours in which people may be texted. */
export interface SendingWindow extends DailyWindow {
	days: readonly Day[];
	/** The zone whose clocks count; undefined where it is the recipient's. */
	zone: string | undefined;
	/** Whether a message that would go out at another time is put off; it fails otherwise. */
	putsOff: boolean;
}

export const SENDING_WINDOW = collectionField('Sending Window', 'sendingWindow', {
	placeholder: 'Add field',
	description:
		'The hours in which people may be texted. Added, it is on: from 08:00 to 20:00 on every day where nothing else is set in it. Where a message would go out at another time, it is scheduled for the next time inside, or fails.',
	options: [
		textField('Open From', 'from', {
			default: '08:00',
			placeholder: 'e.g. 08:00',
			description: 'When it opens. If this is later than when it closes, it is open over midnight.',
		}),
		textField('Open Until', 'to', {
			default: '20:00',
			placeholder: 'e.g. 20:00',
			description: 'When it closes',
		}),
		choiceField('Outside', 'outside', 'schedule', {
			options: [
				choice('Fail', 'fail', 'The item fails and nothing of it is sent'),
				choice('Schedule', 'schedule', 'The message is scheduled for the next time inside the window'),
			],
			description: 'What to do with a message that would go out at another time',
		}),
		textField('Time Zone', 'timeZone', {
			default: 'recipient',
			placeholder: 'e.g. America/Chicago',
			description:
				'Whose clock counts: "recipient" for the place of the number’s area code, "workflow", or the name of a zone. The area code is not where a person is: numbers are kept after a move. With several zones in an area code, it is the time inside the window in all of them.',
		}),
		{
			displayName: 'Weekdays',
			name: 'days',
			type: 'multiOptions',
			options: DAYS.map((day) => ({ name: titleOf(day), value: day })),
			default: [...DAYS],
			description:
				'On which days of the week it opens, all of them where this is not added. One over midnight belongs to the day on which it opens.',
		},
	],
});

const PATH = 'options.sendingWindow';

/** The window of an item, checked; undefined where it was not added. @throws OperationError `invalid` */
export function sendingWindowIn(read: ParameterReader): SendingWindow | undefined {
	if (!read.isGiven(PATH)) return undefined;
	const [from, to] = [timeOfDayIn(read, `${PATH}.from`), timeOfDayIn(read, `${PATH}.to`)];
	if (from === to) {
		throw invalid(
			SENDING_WINDOW.displayName,
			`opens and closes at ${from}`,
			'Let it close at another time, or remove it.',
		);
	}
	const zone = read.required(`${PATH}.timeZone`);
	const named = zone === 'recipient' ? undefined : zone === 'workflow' ? read.timeZone : zone;
	if (named !== undefined && !isZone(named)) {
		throw invalid(
			read.label(`${PATH}.timeZone`),
			`is not a time zone: "${shown(named)}"`,
			'Write “recipient”, “workflow”, or a name like America/Chicago.',
		);
	}
	const putsOff = read.choice(`${PATH}.outside`, ['schedule', 'fail']) === 'schedule';
	return { from, to, days: daysIn(read), zone: named, putsOff };
}

function daysIn(read: ParameterReader): Day[] {
	const path = `${PATH}.days`;
	const given = read.names(path).map((name) => name.toLowerCase());
	const unknown = given.find((name) => !DAYS.some((day) => day === name));
	if (unknown !== undefined)
		throw invalid(
			read.label(path),
			`names no day of the week: "${shown(unknown)}"`,
			`Write them like ${DAYS[0]}, ${DAYS[1]}.`,
		);
	if (given.length === 0)
		throw invalid(read.label(path), 'is empty', 'Pick at least one day, or remove it for every day.');
	return DAYS.filter((day) => given.includes(day));
}

/** The window as errors say it, such as “08:00 to 20:00 on Monday, Friday”. */
export function hoursOf({ from, to, days }: SendingWindow): string {
	const on = days.length === DAYS.length ? '' : ` on ${days.map(titleOf).join(', ')}`;
	return `${from} to ${to}${on}`;
}

/** A day as people write it. */
export function titleOf(day: Day): string {
	return day.charAt(0).toUpperCase() + day.slice(1);
}

function timeOfDayIn(read: ParameterReader, path: string): string {
	const text = read.required(path);
	const [, hour, minute] = /^(\d|[01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
	if (hour !== undefined) return `${hour.padStart(2, '0')}:${minute}`;
	throw invalid(read.label(path), `is not a time of day: "${shown(text)}"`, 'Write it like 08:00 or 20:30.');
}
