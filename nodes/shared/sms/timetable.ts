import { invalid } from '../errors';
import { clockIn, dayIn, DAYS, isInside, nextInside } from '../values/dailyWindow';
import { groupedBy } from '../values/maps';
import { AREA_CODES } from './areaCodes';
import { RequestPlan, type Batch, type Campaign, type Due } from './plan';
import { hoursOf, SENDING_WINDOW, titleOf, type SendingWindow } from './sendingWindow';

/**
 * Says when messages may go out: as wanted, or where the sending window is closed then, when it opens next. Keeps what it
 * has found out, since a campaign has few zones and many numbers.
 */
export class Timetable {
	private readonly openings = new Map<string, number | undefined>();

	/**
	 * What is due, by the time at which it may go out, the earliest first.
	 *
	 * @throws OperationError `invalid` where that time has passed, or is outside of a window that puts nothing off
	 */
	of(due: Due): Due[] {
		const { wanted } = due.campaign;
		if (wanted !== undefined && hasPassed(wanted)) {
			throw invalid(
				'Scheduled For',
				`is in the past: ${new Date(wanted * 1000).toISOString()}`,
				'Give a time to come, or leave it empty to send at once.',
			);
		}
		return this.from(wanted, due);
	}

	/** The same of what was planned before, as it may go out by now: what has become late in the run goes at once. */
	ofPlanned(due: Due): Due[] {
		if (!isMoving(due)) return [due];
		const { wanted } = due.campaign;
		return this.from(wanted !== undefined && hasPassed(wanted) ? undefined : wanted, due);
	}

	/** Whether a planned request may still go out as it is. */
	keeps(batch: Batch, campaignOf: (item: number) => Campaign): boolean {
		return duesOf(batch, campaignOf).every((due) => {
			if (!isMoving(due)) return true;
			try {
				const [first, ...others] = this.ofPlanned(due);
				return others.length === 0 && first!.campaign.stampToSend === due.campaign.stampToSend;
			} catch {
				return false;
			}
		});
	}

	private from(wanted: number | undefined, due: Due): Due[] {
		const { window } = due.campaign;
		const at = (stampToSend: number | undefined, numbers: string[]): Due => ({
			...due,
			numbers,
			campaign: { ...due.campaign, stampToSend },
		});
		if (!window) return [at(wanted, due.numbers)];
		if (window.zone !== undefined) return [at(this.stampIn([window.zone], window, wanted), due.numbers)];
		const stampFor = (number: string) => this.stampIn(zonesOf(number), window, wanted, ` for ${number}`);
		return [...groupedBy(due.numbers, stampFor)]
			.sort(([one = 0], [other = 0]) => one - other)
			.map(([stamp, numbers]) => at(stamp, numbers));
	}

	/** @param forWhom of a text, where it is not the same for all numbers */
	private stampIn(zones: string[], window: SendingWindow, wanted: number | undefined, forWhom = '') {
		const time = wanted === undefined ? Date.now() : wanted * 1000;
		const minute = Math.floor(time / 60_000);
		const key = JSON.stringify([window.from, window.to, window.days, zones, minute]);
		if (!this.openings.has(key)) this.openings.set(key, nextInside(window, zones, minute * 60_000));
		const opening = this.openings.get(key);
		const hours = hoursOf(window);
		if (opening === undefined) {
			throw invalid(
				SENDING_WINDOW.displayName,
				`leaves no time${forWhom}: it is never ${hours} in ${zones.join(' and ')} at once`,
				'Widen it, or set its “Time Zone”.',
			);
		}
		if (opening <= time) return wanted;
		if (window.putsOff) return opening / 1000;
		const zone = zones.find((each) => !isInside(window, each, time))!;
		const day = window.days.length === DAYS.length ? '' : ` on ${titleOf(dayIn(zone, time))}`;
		throw invalid(
			SENDING_WINDOW.displayName,
			`is closed${forWhom} at ${clockIn(zone, time)}${day} in ${zone}; it is open from ${hours}`,
			'Send it later, or set “Outside” to Schedule.',
		);
	}
}

/** @param stamp in Unix seconds */
const hasPassed = (stamp: number) => stamp * 1000 <= Date.now();

/** Whether the time at which it may go out can be another by now. */
function isMoving({ campaign: { stampToSend, window } }: Due): boolean {
	return stampToSend === undefined ? window !== undefined : hasPassed(stampToSend);
}

function duesOf(batch: Batch, campaignOf: (item: number) => Campaign): Due[] {
	return [...batch.members].map(([item, numbers]) => ({
		item,
		campaign: { ...campaignOf(item), stampToSend: batch.campaign.stampToSend },
		numbers,
		groups: batch.groups.length > 0,
	}));
}

/**
 * A planned request as it may go out by now: itself, or others in its place.
 *
 * @param timed what is due of an item by now; nothing where it may not go out any more
 */
export function replanned(batch: Batch, campaignOf: (item: number) => Campaign, timed: (due: Due) => Due[]) {
	const due = duesOf(batch, campaignOf);
	if (!due.some(isMoving)) return [batch];
	const plan = new RequestPlan(() => batch.carried);
	for (const its of due) for (const each of timed(its)) plan.add(each);
	const { batches } = plan;
	const [first] = batches;
	const isWhole = batches.length === 1 && first!.members.size === batch.members.size;
	return isWhole && first!.campaign.stampToSend === batch.campaign.stampToSend ? [batch] : batches;
}

/** Those of an area code that is not known here: it may be anywhere on the mainland. */
const MAINLAND = [
	'America/Halifax',
	'America/New_York',
	'America/Chicago',
	'America/Denver',
	'America/Phoenix',
	'America/Los_Angeles',
];

let zonesByArea: Map<string, string[]> | undefined;

function zonesOf(number: string): string[] {
	zonesByArea ??= new Map(
		Object.entries(AREA_CODES).flatMap(([zones, codes]) =>
			codes.split(' ').map((code): [string, string[]] => [code, zones.split(' ')]),
		),
	);
	return zonesByArea.get(number.slice(0, 3)) ?? MAINLAND;
}
