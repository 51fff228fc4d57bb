import { defineParams } from '@sveltejs/kit/params'

/** What an id in a path looks like; anything else is a path that does not exist. */
export const params = defineParams({
  plugin: (value) => (/^[a-z0-9][a-z0-9-]{0,63}$/.test(value) ? value : undefined),
  uuid: (value) => (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value) ? value : undefined),
})
