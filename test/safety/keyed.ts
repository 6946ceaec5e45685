import { sceneOf, scenes, type PlayOptions } from '../scenes';

export const acting = scenes.filter((scene) => scene.effects);
export const single = acting.filter((scene) => !scene.shared);
/** Whose keys are asked for; the others' reading tells that there is nothing left to do. */
export const asking = acting.filter((scene) => scene.seen !== 'success');
export const purchase = sceneOf('click2mail.credit.purchase');
export const send = sceneOf('clubTexting.message.send');
export const create = sceneOf('mailPartner.subaccount.create');

/** A key for each item, or the same for all. */
export const keyed = (idempotencyKey = '={{ "order-" + $itemIndex }}'): PlayOptions => ({
	parameters: { options: { idempotencyKey } },
});
export const skipped = (key: string) => ({ skipped: true, idempotencyKey: key });
