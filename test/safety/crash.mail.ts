import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { keepFile } from '../engine/files';
import { MAIL_TYPE } from '../scenes.mail';
import type { Simulator } from '../simulator';
import { priceOf } from '../simulator/click2MailMail';
import { passesPart, type Act } from './crash';
import { coverings, draft, mailings } from './mailBooks';

const keyed = (items: IDataObject[]) => items.map((item, place) => ({ ...item, key: `order-${place + 1}` }));
/** After an unclear submit it is looked for at half of this at the latest, in ms. */
const options = { timeout: 4000 };
const refuseSecond = (operation: string) => (simulator: Simulator) =>
	simulator.order({ operation, fault: 'refusalIn200', after: 1 });

const people = keyed(['Owl', 'Roo', 'Tigger'].map((name) => ({ name })));
const URL_OF = '=https://example.com/{{ $json.name }}.pdf';

function mail(
	name: string,
	resource: 'letter' | 'postcard',
	document: (isVolatile: boolean) => INodeParameters,
	more: Partial<Act> = {},
): Act {
	return {
		name,
		provider: 'click2mail',
		type: MAIL_TYPE,
		parameters: (isVolatile) => ({
			resource,
			operation: 'send',
			...document(isVolatile),
			firstName: '={{ $json.name }}',
			lastName: isVolatile ? '={{ $workflow.id }} {{ Math.random() }}' : 'Bear',
			address1: isVolatile ? '={{ $now.millisecond }} Acre Wood' : '100 Acre Wood',
			city: 'Dayton',
			state: 'OH',
			zip: '45402',
			maximumCost: 5,
			options,
		}),
		items: people,
		earlier: { name: 'Eeyore' },
		parts: ({ name: person }) => [String(person)],
		books: (simulator) => mailings(simulator).map(({ to }) => to),
		refuse: refuseSecond('submitJob'),
		...more,
	};
}

const byUrl = (isVolatile: boolean): INodeParameters => ({
	documentSource: 'url',
	documentUrl: isVolatile ? `${URL_OF}?{{ $now.toMillis() }}` : URL_OF,
});

/** A document that goes out in three parts, with its number of pages in the last. */
function fileOf(name: string, pages: number) {
	const parts = ['%PDF-1.4 ', ' '.repeat(2000), `/Count ${pages}`].map((text) => Buffer.from(text));
	return { data: keepFile(`${name}-${pages}`, 'application/pdf', { parts, onPart: passesPart }) };
}

const withFile = (resource: 'letter' | 'postcard', pages: number) =>
	mail(`a ${resource} in an upload of several parts`, resource, () => ({}), {
		filesOf: ({ name }) => fileOf(String(name), pages),
		refuse: refuseSecond(resource === 'letter' ? 'uploadDocument' : 'submitJob'),
	});

const IDS = ['1001', '1002', '1003'];
const jobs = keyed(IDS.map((id) => ({ id })));
const EARLIER = '1000';

/** Drafts of letters, each dearer than the one before it. */
function drafts({ click2mail: { books } }: Simulator): void {
	for (const [place, id] of [EARLIER, ...IDS].entries()) books.jobs.set(id, draft(100 * (place + 1)));
	books.balance = 10_000;
}

const anyId = '={{ $json.id + (Math.random() < 0.5 ? "" : " ") }}';
const ofJob = (isVolatile: boolean) => ({ jobId: isVolatile ? anyId : '={{ $json.id }}' });
const jobAct = {
	provider: 'click2mail' as const,
	items: jobs,
	earlier: { id: EARLIER },
	parts: ({ id }: IDataObject) => [String(id)],
};

const submit: Act = {
	...jobAct,
	name: 'Click2Mail submit',
	type: MAIL_TYPE,
	parameters: (isVolatile) => ({
		resource: 'job',
		operation: 'submit',
		...ofJob(isVolatile),
		maximumCost: 5000,
		options,
	}),
	books: (simulator) => mailings(simulator).map(({ jobId }) => jobId),
	prepare: drafts,
	refuse: refuseSecond('submitJob'),
};

const coverJob: Act = {
	...jobAct,
	name: 'Click2Mail coverJob',
	parameters: (isVolatile) => ({
		resource: 'credit',
		operation: 'coverJob',
		...ofJob(isVolatile),
		spendingLimit: 10_000,
	}),
	books: (simulator) => coverings(simulator).map(({ jobId }) => jobId),
	// What is not known to have been bought for another job counts.
	isMet: ({ click2mail: { books } }, id) => {
		const { fields, pieces } = books.jobs.get(id)!;
		const { production, postage } = priceOf(fields, pieces);
		return books.balance * 1000 >= production + postage + books.habits.tax;
	},
	prepare(simulator) {
		drafts(simulator);
		simulator.click2mail.books.balance = 0;
	},
	refuse: refuseSecond('purchase'),
};

/** What is printed and mailed, and the credit for it. */
export const mailActs: Act[] = [
	mail('a letter', 'letter', byUrl),
	mail('a postcard', 'postcard', byUrl),
	withFile('letter', 1),
	withFile('postcard', 2),
	submit,
	coverJob,
];
