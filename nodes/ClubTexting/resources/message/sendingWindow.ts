import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { invalid } from '../../../shared/errors';
import type { ParameterReader } from '../../../shared/operation/types';
import { isZone, type DailyWindow } from '../../../shared/values/dailyWindow';
import { shown } from '../../../shared/values/text';

/** The hours in which people may be texted. */
export interface SendingWindow extends DailyWindow {
	/** The zone whose clocks count; undefined where it is the recipient's. */
	zone: string | undefined;
	/** Whether a message that would go out at another time is put off; it fails otherwise. */
	putsOff: boolean;
}

export const SENDING_WINDOW: INodeProperties = {
	displayName: 'Sending Window',
	name: 'sendingWindow',
	type: 'collection',
	placeholder: 'Add field',
	default: {},
	description:
		'The hours in which people may be texted; off as long as nothing is added here. Where a message would go out at another time, it is scheduled for the next time inside, or fails.',
	options: [
		{
			displayName: 'From',
			name: 'from',
			type: 'string',
			default: '08:00',
			placeholder: 'e.g. 08:00',
			description: 'When it opens. If this is later than when it closes, it is open over midnight.',
		},
		{
			displayName: 'Outside',
			name: 'outside',
			type: 'options',
			options: [
				{ name: 'Fail', value: 'fail', description: 'The item fails and nothing of it is sent' },
				{
					name: 'Schedule',
					value: 'schedule',
					description: 'The message is scheduled for the next time inside the window',
				},
			],
			default: 'schedule',
			description: 'What to do with a message that would go out at another time',
		},
		{
			displayName: 'Time Zone',
			name: 'timeZone',
			type: 'string',
			default: 'recipient',
			placeholder: 'e.g. America/Chicago',
			description:
				'Whose clocks count: "recipient" for those where the area code is, "workflow", or the name of a zone. The area code is not where a person is: numbers are kept after a move. With several zones in an area code, it is the time inside the window in all of them.',
		},
		{
			displayName: 'To',
			name: 'to',
			type: 'string',
			default: '20:00',
			placeholder: 'e.g. 20:00',
			description: 'When it closes',
		},
	],
};

const PATH = 'options.sendingWindow';

/** The window of an item, checked; undefined while it is off. @throws OperationError `invalid` */
export function sendingWindowIn(read: ParameterReader): SendingWindow | undefined {
	if (Object.keys(read.value(PATH) as IDataObject).length === 0) return undefined;
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
	return { from, to, zone: named, putsOff };
}

function timeOfDayIn(read: ParameterReader, path: string): string {
	const text = read.required(path);
	const [, hour, minute] = /^(\d|[01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
	if (hour !== undefined) return `${hour.padStart(2, '0')}:${minute}`;
	throw invalid(read.label(path), `is not a time of day: "${shown(text)}"`, 'Write it like 08:00 or 20:30.');
}
