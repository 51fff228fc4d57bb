import { json } from '../../http/answer.ts'
import type { Answer } from '../../http/answer.ts'
import type { TokenRefusal } from '../../oauth/rules.ts'

const MORE =
  'Visit https://dev.fitbit.com/docs/oauth2 for more information on the Fitbit Web API authorization process.'

/** Fitbit's own error body, at its OAuth endpoints too. */
function refusal(status: number, errorType: string, message: string, fieldName?: string): Answer {
  return json(status, {
    errors: [{ errorType, ...(fieldName ? { fieldName } : {}), message }],
    success: false,
  })
}

export function oauthRefusal({ status, error, message }: TokenRefusal): Answer {
  return refusal(status, error, `${message} ${MORE}`)
}

export function noToken(): Answer {
  return refusal(401, 'invalid_request', 'Authorization header required.')
}

export function expiredToken(): Answer {
  return refusal(401, 'expired_token', `Access token expired. ${MORE}`)
}

export function invalidToken(): Answer {
  return refusal(401, 'invalid_token', `Access token invalid. ${MORE}`)
}

export function missingScope(scope: string): Answer {
  return refusal(
    403,
    'insufficient_scope',
    `This application does not have permission to access ${scope} data. ${MORE}`,
  )
}

export function notFound(path: string): Answer {
  return refusal(404, 'not_found', `The API you are requesting could not be found: ${path}`, 'n/a')
}

export function wrongMethod(): Answer {
  return refusal(405, 'request', 'The HTTP method is not supported for this resource.', 'n/a')
}

export function tooManyRequests(): Answer {
  return refusal(
    429,
    'request',
    'Rate limit exceeded for the user. Please try again at the start of the hour.',
    'n/a',
  )
}

/** A request that Fitbit understands and will not serve: 400, `errorType` validation. */
export class InvalidRequest extends Error {
  readonly fieldName: string

  constructor(fieldName: string, message: string) {
    super(message)
    this.fieldName = fieldName
  }

  answer(): Answer {
    return refusal(400, 'validation', this.message, this.fieldName)
  }
}
