import type { Guarded } from './click2MailDocuments';
import {
	decimal,
	DRAFT_STATES,
	priceOf,
	productTrouble,
	type MailBooks,
	type MailJob,
} from './click2MailMail';
import { sum } from './money';
import type { Answer, Content, RecordedRequest, Route } from './wire';
import { checkNames, formOf, refuseBody, valueOf } from './wire';

const PRODUCT = [
	'documentClass',
	'layout',
	'productionTime',
	'envelope',
	'color',
	'paperType',
	'printOption',
] as const;
const RETURN_ADDRESS = [
	'rtnName',
	'rtnOrganization',
	'rtnaddress1',
	'rtnAddress1',
	'rtnaddress2',
	'rtnAddress2',
	'rtnCity',
	'rtnState',
	'rtnZip',
];
const FIELDS = [
	...PRODUCT,
	...RETURN_ADDRESS,
	'documentId',
	'addressId',
	'mailClass',
	'mailingDate',
	'appSignature',
];
const MISSING = 'One of the required parameters is missing.';
const SHORT = 'Not sufficient credit balance. Please buy more credit and try again. Thanks!';
const DAY = 86_400_000;

/** What the jobs need of the account. */
export type PayingBooks = MailBooks & { balance: number };

/** Jobs: made as drafts, priced, submitted once, read (Create a Job, Submit a Job, Check Job Status). */
export function jobsOf(books: PayingBooks, baseUrl: () => string, guarded: Guarded): Route[] {
	const reply = (status: number, job: Content): Answer => ({ status, content: { job }, accepted: true });
	const refuse = (status: number, code: number, description: string): Answer => ({
		status,
		content: { job: { id: 0, status: code, description } },
		accepted: false,
	});
	const urlOf = (id: string) => `${baseUrl()}/jobs/${id}`;

	function create(request: RecordedRequest): Answer {
		checkNames(request.query, [], 'query parameter');
		const form = formOf(request);
		checkNames(form, FIELDS, 'form field');
		const fields = Object.fromEntries(form);
		const { refusedUnder, jobRefusal } = books.habits;
		const no = (code: number, text: string) => refuse(refusedUnder, jobRefusal === 'nine' ? 9 : code, text);
		if (PRODUCT.some((name) => fields[name] === undefined)) return refuse(400, 9, MISSING);
		const trouble = productTrouble(fields) ?? dateTrouble(fields.mailingDate);
		if (trouble !== null) return no(9, trouble);
		const document = books.documents.get(fields.documentId ?? '');
		if (document === undefined) return no(1, 'DocumentId not found');
		if (document.documentClass !== fields.documentClass)
			return no(9, "BaseDocument class doesn't match to the class associated with this job.");
		const list = books.addressLists.get(fields.addressId ?? '');
		if (list === undefined) return no(2, 'Address List ID not found');
		const isAbroad = list.rows.some((row) => row['Country_non-US'] !== '');
		if (isAbroad && fields.documentClass.startsWith('Certified'))
			return no(3, 'Document Type cannot Mail Internationally');
		const pieces = list.rows.filter(({ Address1 = '' }) => !/unmailable/i.test(Address1)).length;
		const id = String(books.nextMailId++);
		books.jobs.set(id, { fields, state: 'EDITING', pieces });
		return reply(books.habits.created, { id, status: 0, description: 'Created', statusUrl: urlOf(id) });
	}

	/** Answers about a job that is there. */
	function of(answer: (job: MailJob, id: string, request: RecordedRequest) => Answer): Route['answer'] {
		return guarded((request, id) => {
			const job = books.jobs.get(id);
			return job ? answer(job, id, request) : refuse(books.habits.refusedUnder, 1, 'Job ID not found');
		});
	}

	function read(job: MailJob, id: string, request: RecordedRequest): Answer {
		refuseBody(request);
		const number = job.state === 'EDITING' ? 9 : job.state === 'AWAITING_PRODUCTION' ? 4 : 5;
		return reply(books.habits.created, {
			id,
			status: number,
			description: wordsOf(job.state),
			trackingType: 'IMB',
			tracking: '',
			statusUrl: urlOf(id),
			com: false,
			errorMessage: '',
		});
	}

	function cost(job: MailJob, id: string, request: RecordedRequest): Answer {
		refuseBody(request);
		checkNames(request.query, ['details', 'paymentType', 'couponCode'], 'query parameter');
		return reply(200, { id, status: 9, description: 'Success', ...costsOf(job.fields, job.pieces) });
	}

	function costsOf(fields: Record<string, string>, pieces: number): Content {
		const { production, postage } = priceOf(fields, pieces);
		const unit = priceOf(fields, 1);
		return {
			cost: decimal(production + postage),
			totalTax: decimal(books.habits.tax),
			...partsOf(unit, pieces, { production, postage }),
		};
	}

	function submit(job: MailJob, id: string, request: RecordedRequest): Answer {
		checkNames(request.query, [], 'query parameter');
		const form = formOf(request);
		checkNames(form, ['billingType'], 'form field');
		const payment = valueOf(form, 'billingType');
		if (payment === undefined) return refuse(400, 9, MISSING);
		if (payment !== 'User Credit') return refuse(books.habits.refusedUnder, 2, 'payment not authorized');
		if (!DRAFT_STATES.includes(job.state))
			return refuse(400, 9, `Job with Id ${id} is in impermissible state`);
		const { production, postage } = priceOf(job.fields, job.pieces);
		const price = (production + postage + books.habits.tax) / 1000;
		if (!books.habits.paysWithoutCredit) {
			if (books.balance < price) return refuse(...books.habits.shortCredit, SHORT);
			books.balance = sum(books.balance, -price);
		}
		job.state = books.habits.submitted;
		books.mailed.push({ jobId: id, pieces: job.pieces, cost: price });
		const told: Content = books.habits.costInSubmit ? costsOf(job.fields, job.pieces) : {};
		return reply(200, { id, status: 0, description: 'Success', ...told, statusUrl: urlOf(id) });
	}

	function bySignature(request: RecordedRequest): Answer {
		refuseBody(request);
		checkNames(request.query, ['appid', 'offset', 'numberOfJobs'], 'query parameter');
		const tag = valueOf(request.query, 'appid');
		if (tag === undefined) return refuse(400, 9, MISSING);
		const found = [...books.jobs].filter(
			([, { fields }]) => books.habits.listsAllJobs || fields.appSignature === tag,
		);
		const jobs = found.map(([id, { state, pieces }]) => ({
			job: { id, noOfPieces: pieces, jobStatus: state },
		}));
		// One child stands alone, several are several elements of one name.
		const jobList = jobs.length === 0 ? '' : jobs.map(({ job }) => job);
		return reply(200, { status: 0, description: 'Success', jobList });
	}

	function estimate(request: RecordedRequest): Answer {
		refuseBody(request);
		const counts = ['quantity', 'nonStandardQuantity', 'internationalQuantity', 'numberOfPages'];
		checkNames(
			request.query,
			[...PRODUCT, ...counts, 'mailClass', 'paymentType', 'couponCode'],
			'query parameter',
		);
		const fields = Object.fromEntries(request.query);
		const isWhole = [...PRODUCT, ...counts].every((name) => fields[name] !== undefined);
		if (!isWhole) return refuse(400, 9, MISSING);
		const trouble = productTrouble(fields);
		if (trouble !== null) return refuse(books.habits.refusedUnder, 9, trouble);
		const pieces = Number(fields.quantity) + Number(fields.internationalQuantity);
		const unit = priceOf(fields, 1);
		return reply(200, {
			status: 0,
			description: 'Success',
			...partsOf(unit, pieces, priceOf(fields, pieces)),
		});
	}

	return [
		{ method: 'post', path: '/jobs', operation: 'createJob', answer: guarded(create) },
		{ method: 'get', path: '/jobs/appSignature', operation: 'findJobs', answer: guarded(bySignature) },
		{ method: 'get', path: '/jobs/:id', operation: 'readJob', answer: of(read) },
		{ method: 'get', path: '/jobs/:id/cost', operation: 'jobCost', answer: of(cost) },
		{ method: 'post', path: '/jobs/:id/submit', operation: 'submitJob', answer: of(submit) },
		{ method: 'get', path: '/costEstimate', operation: 'estimate', answer: guarded(estimate) },
	];
}

/** As GET /jobs/{id} writes a state: AWAITING_PRODUCTION is Awaiting Production. */
function wordsOf(state: string): string {
	return state
		.toLowerCase()
		.replace(/(^|_)(\w)/g, (_, gap: string, letter: string) => `${gap ? ' ' : ''}${letter.toUpperCase()}`);
}

function partsOf(
	unit: { production: number; postage: number },
	pieces: number,
	total: { production: number; postage: number },
): Content {
	const none = {
		postageName: 'null',
		postageUnitCost: '0.0',
		quantity: 0,
		handlingFee: '0.0',
		subtotal: '0.0',
	};
	return {
		standardCost: {
			postageName: 'First Class Automation Letter',
			postageUnitCost: decimal(unit.postage),
			quantity: pieces,
			handlingFee: '0.0',
			subtotal: decimal(total.postage),
		},
		nonstandardCost: none,
		internationalCost: none,
		productionCost: {
			productionUnitCost: decimal(unit.production),
			quantity: pieces,
			discountSubtotal: '0.0',
			subtotal: decimal(total.production),
		},
	};
}

/** What is wrong with a mailing date, YYYYMMDD; null where it is none, or one from tomorrow to 90 days ahead. */
function dateTrouble(date: string | undefined): string | null {
	if (date === undefined) return null;
	const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)$/.exec(date) ?? [];
	const time = Date.parse(`${year}-${month}-${day}T12:00:00Z`);
	if (!Number.isFinite(time)) return 'mailingDate is not parsable (yyyymmdd)';
	if (time <= Date.now() - DAY / 2) return 'mailingDate is not in the future';
	return time > Date.now() + 91 * DAY ? 'mailingDate is more than 90 days ahead' : null;
}
