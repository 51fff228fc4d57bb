import { error } from '@sveltejs/kit'
import type { UploadInfo } from '@tributary/engine'
import { engine } from '#lib/server/engine.ts'
import { requireVisitor } from '#lib/server/require-signed-in.ts'
import type { ShownUpload } from '#lib/uploads/describe-upload.ts'

export const load = async (event) => {
  const { user } = await requireVisitor(event)
  const { plugin, connectBy } = await engine().plugins.get(user.id, event.params.id)
  if (connectBy !== 'upload') error(404, 'This source takes no files.')
  const uploads = await engine().uploads.list(user.id, plugin.id)
  return {
    plugin: { id: plugin.id, name: plugin.name, description: plugin.description },
    uploads: await Promise.all(uploads.map((upload) => withJob(user.id, upload))),
    timeZone: user.timeZone,
  }
}

async function withJob(userId: string, upload: UploadInfo): Promise<ShownUpload> {
  if (upload.jobId === null) return { ...upload, job: null }
  const { status, reason, counts } = await engine().jobs.get(userId, upload.jobId)
  return { ...upload, job: { status, reason, counts } }
}
