/** How a piece of mail is printed. */
export interface Print {
	/** Instead of black and white. */
	color: boolean;
	bothSides: boolean;
	/** With proof of mailing and delivery. */
	certified: boolean;
}

export type Kind = 'letter' | 'postcard';

/** The most sheets that fit into the envelope, without the one that carries the address. */
export const MOST_SHEETS = 5;

/**
 * The product's fields in the words of the provider's catalogue. Only combinations that are known to have been sold:
 * Create a Job page, the vendor's Java and PHP samples, and clients in production.
 */
export function productOf(kind: Kind, { color, bothSides, certified }: Print) {
	if (kind === 'postcard') {
		return {
			documentClass: 'Postcard 5 x 8',
			layout: 'Double Sided Postcard',
			productionTime: 'Next Day',
			// There, and empty: a card has none.
			envelope: '',
			color: 'Full Color',
			paperType: 'White Matte with Gloss UV Finish',
			printOption: 'Printing both sides',
			mailClass: 'First Class',
		};
	}
	return {
		documentClass: certified ? 'Certified Letter 8.5 x 11' : 'Letter 8.5 x 11',
		layout: 'Address on Separate Page',
		productionTime: 'Next Day',
		envelope: certified ? 'Certified Mail Letter Envelope' : '#10 Double Window',
		color: color ? 'Full Color' : 'Black and White',
		paperType: 'White 24#',
		printOption: bothSides ? 'Printing both sides' : 'Printing One side',
		mailClass: certified ? 'Certified Mail' : 'First Class',
	};
}
