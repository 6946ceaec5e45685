/** The data of a `paymentCardApi` credential. */
export type CardData = {
	cardType: 'visa' | 'masterCard' | 'amex' | 'discover';
	number: string;
	expirationMonth: string;
	expirationYear: string;
	securityCode: string;
	firstName: string;
	lastName: string;
	street: string;
	city: string;
	state: string;
	zip: string;
	country: string;
};

const holder = {
	expirationMonth: '12',
	expirationYear: '2039',
	firstName: 'Winnie',
	lastName: 'The Pooh',
	street: '221B Baker St',
	city: 'Springfield',
	state: 'MO',
	zip: '34567',
	country: 'US',
};

/** One valid card of each type, with the card schemes' public test numbers. */
export const cards: Record<CardData['cardType'], CardData> = {
	visa: { cardType: 'visa', number: '4111111111111111', securityCode: '739', ...holder },
	masterCard: { cardType: 'masterCard', number: '5555555555554444', securityCode: '846', ...holder },
	amex: { cardType: 'amex', number: '378282246310005', securityCode: '9517', ...holder },
	discover: { cardType: 'discover', number: '6011111111111117', securityCode: '628', ...holder },
};

/** Luhn check digit. */
export function hasValidCheckDigit(number: string): boolean {
	const total = [...number].reverse().reduce((sum, digit, place) => {
		const value = Number(digit) * (place % 2 === 1 ? 2 : 1);
		return sum + (value > 9 ? value - 9 : value);
	}, 0);
	return total % 10 === 0;
}

/** The card type that a number's first digits belong to. */
export function cardTypeOf(number: string): CardData['cardType'] | undefined {
	if (/^4/.test(number)) return 'visa';
	if (/^(5[1-5]|2[2-7])/.test(number)) return 'masterCard';
	if (/^3[47]/.test(number)) return 'amex';
	if (/^(6011|65|64[4-9])/.test(number)) return 'discover';
	return undefined;
}

/** Whether the last day of the card's month is over. The year has two or four digits. */
export function hasExpired(month: string, year: string): boolean {
	const fullYear = year.length === 2 ? 2000 + Number(year) : Number(year);
	return Date.now() >= Date.UTC(fullYear, Number(month), 1);
}
