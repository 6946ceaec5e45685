/** What Click2Mail knows of mail. */
export interface MailBooks {
	/** Number of the next document, address list or job. */
	nextMailId: number;
	documents: Map<string, MailDocument>;
	addressLists: Map<string, AddressList>;
	jobs: Map<string, MailJob>;
	/** What was submitted and paid from the credit, in the order of the submits. */
	mailed: Array<{ jobId: string; pieces: number; cost: number }>;
	/** How the service answers, where its documents and clients differ. */
	habits: MailHabits;
}

export interface MailDocument {
	name: string;
	documentClass: string;
	format: string;
	pages: number;
	bytes: number;
	/** Where it was to be fetched; empty where it was uploaded. */
	url: string;
}

export interface AddressList {
	name: string;
	rows: Array<Record<string, string>>;
	/** How often its state was read. */
	reads: number;
}

export interface MailJob {
	/** Every field of the form that made it. */
	fields: Record<string, string>;
	/** As the service writes it, such as EDITING. */
	state: string;
	pieces: number;
}

export interface MailHabits {
	/** HTTP status of a write that made something. */
	created: 200 | 201;
	/** HTTP status of a refusal by a number of its own. */
	refusedUnder: 200 | 400;
	/** Number of a refusal to make a job. */
	jobRefusal: 'own' | 'nine';
	documentRoot: 'document' | 'documents';
	/** States of an address list, one for each look; the last stays. */
	listStates: number[];
	/** Whether the reply to a submit tells the cost. */
	costInSubmit: boolean;
	/** How short credit is refused: HTTP status and number. */
	shortCredit: [number, number];
	/** Staging takes a job whatever its balance, which is always 0. */
	paysWithoutCredit: boolean;
	/** The look-up by a tag gives the jobs of all tags. */
	listsAllJobs: boolean;
	/** State of a job that was submitted. */
	submitted: string;
	/** Added to the cost of a job, in thousandths of a dollar. */
	tax: number;
	/** Whether pages stand in the reply to an upload. */
	tellsPages: boolean;
}

export function openMailBooks(): MailBooks {
	return {
		nextMailId: 90_210,
		documents: new Map(),
		addressLists: new Map(),
		jobs: new Map(),
		mailed: [],
		habits: {
			created: 201,
			refusedUnder: 200,
			jobRefusal: 'own',
			documentRoot: 'document',
			listStates: [3],
			costInSubmit: true,
			shortCredit: [400, 9],
			paysWithoutCredit: false,
			listsAllJobs: false,
			submitted: 'AWAITING_PRODUCTION',
			tax: 0,
			tellsPages: true,
		},
	};
}

/** States in which a job has not been submitted. */
export const DRAFT_STATES = ['EDITING', 'PENDING_PROOF_ACCEPTANCE', 'PROOF_ACCEPTED'];

interface Product {
	layout: string;
	envelopes: string[];
	colors: string[];
	papers: string[];
	sides: string[];
	mailClasses: string[];
	/** In thousandths of a dollar, a piece. */
	production: number;
	postage: number;
}

const BOTH_COLORS = ['Black and White', 'Full Color'];
const BOTH_SIDES = ['Printing One side', 'Printing both sides'];

/** What a job says of a plain letter. */
export const LETTER = {
	documentClass: 'Letter 8.5 x 11',
	layout: 'Address on Separate Page',
	productionTime: 'Next Day',
	envelope: '#10 Double Window',
	color: 'Black and White',
	paperType: 'White 24#',
	printOption: 'Printing One side',
};

/** The products that a running client or an official sample has used. */
export const PRODUCTS: Record<string, Product> = {
	'Letter 8.5 x 11': {
		layout: 'Address on Separate Page',
		envelopes: ['#10 Double Window', 'Best Fit'],
		colors: BOTH_COLORS,
		papers: ['White 24#'],
		sides: BOTH_SIDES,
		mailClasses: ['First Class'],
		production: 463,
		postage: 707,
	},
	'Certified Letter 8.5 x 11': {
		layout: 'Address on Separate Page',
		envelopes: ['Certified Mail Letter Envelope'],
		colors: BOTH_COLORS,
		papers: ['White 24#'],
		sides: BOTH_SIDES,
		mailClasses: ['Certified Mail'],
		production: 1210,
		postage: 5530,
	},
	'Postcard 5 x 8': {
		layout: 'Double Sided Postcard',
		envelopes: [''],
		colors: ['Full Color'],
		papers: ['White Matte with Gloss UV Finish'],
		sides: ['Printing both sides'],
		mailClasses: ['First Class'],
		production: 593,
		postage: 707,
	},
};

/** What is wrong with a combination of product fields; null where it can be made. */
export function productTrouble(fields: Record<string, string>): string | null {
	const product = PRODUCTS[fields.documentClass ?? ''];
	const isKnown =
		product !== undefined &&
		fields.layout === product.layout &&
		fields.productionTime === 'Next Day' &&
		product.envelopes.includes(fields.envelope ?? '') &&
		product.colors.includes(fields.color ?? '') &&
		product.papers.includes(fields.paperType ?? '') &&
		product.sides.includes(fields.printOption ?? '') &&
		product.mailClasses.includes(fields.mailClass ?? 'First Class');
	return isKnown ? null : 'Invalid product options. Sku not found.';
}

/** What pieces of a product cost, in thousandths of a dollar. */
export function priceOf(
	fields: Record<string, string>,
	pieces: number,
): { production: number; postage: number } {
	const { production, postage } = PRODUCTS[fields.documentClass ?? '']!;
	return { production: production * pieces, postage: postage * pieces };
}

/** Thousandths of a dollar as decimal text. */
export function decimal(thousandths: number): string {
	return (thousandths / 1000).toFixed(3).replace(/0$/, '');
}
