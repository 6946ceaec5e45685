import type { IDataObject } from 'n8n-workflow';
import type { Scene } from './scenes';
import type { Cast } from './scenes.cast';
import { dryRun, VOLATILE_CHARGE, VOLATILE_READ, VOLATILE_SPEND } from './scenes.volatile';
import type { Simulator } from './simulator';

/** Letters and cards. */
type MailScene = Omit<Scene, 'provider'>;

/** Full type name of the node that prints and mails. */
export const MAIL_TYPE = 'n8n-nodes-messaging-credits.click2Mail';

/** In ms. A machine that plays many at a time needs some of it; an unclear submit is looked for at half of it at the latest. */
const options = { timeout: 8000 };
const VOLATILE = { ...VOLATILE_SPEND, timeout: '={{ 8000 + $now.millisecond }}' };

type Jobs = Array<{ id: string }>;
type People = Array<{ name: string }>;

/** Drafts of one letter each. */
function drafts({ click2mail: { books } }: Simulator, jobs: Jobs): void {
	const fields = { documentClass: 'Letter 8.5 x 11' };
	for (const { id } of jobs) books.jobs.set(id, { fields, state: 'EDITING', pieces: 1 });
}

/** Jobs whose one piece goes to a person. */
function jobsFor({ click2mail: { books } }: Simulator, { name }: IDataObject): string[] {
	return [...books.jobs.keys()].filter((id) => {
		const list = books.addressLists.get(books.jobs.get(id)!.fields.addressId ?? '');
		return list?.rows[0]?.First_name?.startsWith(String(name)) ?? false;
	});
}

function timesMailed({ click2mail: { books } }: Simulator, ids: string[]): number {
	return books.mailed.filter(({ jobId }) => ids.includes(jobId)).length;
}

function sendScene(resource: 'letter' | 'postcard', before: string, people: People): MailScene {
	return {
		name: `click2mail.${resource}.send`,
		type: MAIL_TYPE,
		parameters: {
			resource,
			operation: 'send',
			documentSource: 'url',
			documentUrl: '=https://example.com/{{ $json.name }}.pdf',
			firstName: '={{ $json.name }}',
			address1: '100 Acre Wood',
			city: 'Dayton',
			state: 'OH',
			zip: '45402',
			maximumCost: 5,
			options,
		},
		items: people,
		request: 'submitJob',
		before,
		// Address list, document and job.
		prepares: 3,
		isLookedUp: true,
		findsBefore: before === 'createJob',
		refusal: { text: 'Shipping method information required', code: 9 },
		edited: { address1: '101 Acre Wood' },
		volatile: {
			documentSource: '={{ $now.toMillis() > 0 ? "url" : "binary" }}',
			documentUrl: '=https://example.com/{{ $json.name }}.pdf?{{ $now.toMillis() }}',
			firstName: '={{ $json.name + (Math.random() < 0.5 ? "" : " ") }}',
			lastName: '=Bear {{ $execution.id }}',
			organization: '=Owls {{ Math.random() }}',
			address1: '={{ $now.millisecond }} Acre Wood',
			address2: '=Room {{ $now.millisecond }}',
			city: '={{ Math.random() < 0.5 ? "Dayton" : "Troy" }}',
			state: '={{ Math.random() < 0.5 ? "OH" : "oh" }}',
			zip: '={{ 45000 + $now.millisecond % 100 }}',
			country: '={{ Math.random() < 0.5 ? "" : "USA" }}',
			maximumCost: '={{ 5 + Math.floor(Math.random() * 50) / 100 }}',
			dryRun,
			options: {
				...VOLATILE,
				...(resource === 'letter' && {
					bothSides: '={{ Math.random() < 0.5 }}',
					certified: '={{ $now.toMillis() < 0 }}',
					color: '={{ Math.random() < 0.5 }}',
				}),
				mailingDate: '={{ $now.plus({ days: 10 + $now.millisecond % 10 }).toISO() }}',
				reference: '={{ $json.name }} {{ $execution.id }} {{ Math.random() }}',
				submit: '={{ $now.toMillis() > 0 }}',
			},
		},
		effects: (simulator) => people.map((person) => timesMailed(simulator, jobsFor(simulator, person))),
		successes: (simulator) =>
			people.map((person) => {
				const { mailed } = simulator.click2mail.books;
				const ids = jobsFor(simulator, person);
				const sent = mailed.find(({ jobId }) => ids.includes(jobId));
				return [
					{ jobId: sent?.jobId ?? null, cost: sent?.cost ?? null, submitted: true, alreadySubmitted: false },
				];
			}),
	};
}

/** What the jobs cost, of which nothing is there. */
const LACKING = [117, 234, 351];

const ofJob = (operation: string) => ({ resource: 'job', operation, jobId: '={{ $json.id }}' });
/** The same number, with a space behind it now and then. */
const anyId = '={{ $json.id + (Math.random() < 0.5 ? "" : " ") }}';

/** @param cast how many items there are */
export function mailOf({ people, nothings }: Cast): MailScene[] {
	const jobs = nothings.map((_, item) => ({ id: String(1001 + item) }));
	return [
		{
			name: 'click2mail.job.get',
			type: MAIL_TYPE,
			parameters: ofJob('get'),
			items: jobs,
			request: 'readJob',
			prepare: (simulator) => drafts(simulator, jobs),
			volatile: { jobId: anyId, options: VOLATILE_READ },
			successes: () => jobs.map(({ id }) => [{ jobId: id, state: 'Editing', submitted: false }]),
		},
		{
			name: 'click2mail.job.getCost',
			type: MAIL_TYPE,
			parameters: ofJob('getCost'),
			items: jobs,
			request: 'jobCost',
			prepare: (simulator) => drafts(simulator, jobs),
			volatile: { jobId: anyId, options: VOLATILE_READ },
			successes: () => jobs.map(({ id }) => [{ jobId: id, cost: 1.17, tax: 0, pieces: 1 }]),
		},
		{
			name: 'click2mail.job.submit',
			type: MAIL_TYPE,
			parameters: { ...ofJob('submit'), maximumCost: 5, options },
			items: jobs,
			request: 'submitJob',
			before: 'jobCost',
			seen: 'success',
			isLookedUp: true,
			refusal: { text: 'Shipping method information required', code: 9 },
			prepare: (simulator) => drafts(simulator, jobs),
			edited: { maximumCost: 6 },
			volatile: {
				jobId: anyId,
				maximumCost: '={{ 5 + Math.floor(Math.random() * 50) / 100 }}',
				dryRun,
				options: VOLATILE,
			},
			effects: (simulator) => jobs.map(({ id }) => timesMailed(simulator, [id])),
			successes: ({ click2mail: { books } }) =>
				jobs.map(({ id }) => [
					{ jobId: id, submitted: true, cost: books.mailed.find(({ jobId }) => jobId === id)?.cost ?? null },
				]),
		},
		{
			name: 'click2mail.credit.coverJob',
			parameters: {
				resource: 'credit',
				operation: 'coverJob',
				jobId: '={{ $json.id }}',
				spendingLimit: 1000,
			},
			items: jobs,
			request: 'purchase',
			before: 'jobCost',
			seen: 'success',
			isOrdered: true,
			charges: true,
			prepare: (simulator) => {
				drafts(simulator, jobs);
				const { books } = simulator.click2mail;
				books.balance = 0;
				// 117 dollars, twice and three times as much.
				for (const [place, { id }] of jobs.entries()) books.jobs.get(id)!.pieces = 100 * (place + 1);
			},
			edited: { spendingLimit: 2000 },
			volatile: {
				jobId: anyId,
				spendingLimit: '={{ 1000 + $now.millisecond / 100 }}',
				dryRun,
				options: VOLATILE_CHARGE,
			},
			effects: ({ click2mail: { books } }) =>
				jobs.map((_, item) => books.charges.filter(({ amount }) => amount === LACKING[item]).length),
			// In a run that knows nothing of the purchase, it is the balance that covers the job.
			successes: () => jobs.map(({ id }) => [{ jobId: id, currency: 'USD' }]),
		},
		sendScene('letter', 'createJob', people),
		sendScene('postcard', 'fetchDocument', people),
	];
}
