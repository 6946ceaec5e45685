/** Lets one in at a time, in their order. */
export class Turns {
	private last: Promise<unknown> = Promise.resolve();

	/** Waits for its turn. @returns gives the next one its turn; to be called once or more */
	async enter(): Promise<() => void> {
		const before = this.last;
		let passOn = () => {};
		this.last = new Promise<void>((resolve) => (passOn = resolve));
		await before;
		return passOn;
	}

	/** Lets one piece of work begin when the one before it has ended, well or not. */
	async take<T>(work: () => Promise<T>): Promise<T> {
		const passOn = await this.enter();
		try {
			return await work();
		} finally {
			passOn();
		}
	}
}
