import { randomBytes } from 'node:crypto'
import type { IssuedLog } from '../issued-log.ts'
import type { LabRecord, LabStore } from '../store/lab-store.ts'
import type { Consents } from './consents.ts'
import type { OAuthRules, TokenAnswer } from './rules.ts'
import { derive, markSecret, readAccessToken, recordName, s256, sameText, signAccessToken } from './tokens.ts'

/** What a person consented to. */
export interface Consent {
  readonly clientId: string
  readonly scopes: readonly string[]
  /** Whether a refresh token comes with it. */
  readonly refreshable: boolean
  /** The id of the standing consent that it ends with, where the provider remembers those. */
  readonly standing: string | undefined
}

export interface CodeRequest extends Consent {
  readonly redirectUri: string
  /** S256; undefined where the provider does not require one. */
  readonly challenge: string | undefined
}

export interface CodeProof {
  readonly clientId: string
  readonly redirectUri: string
  readonly verifier: string | undefined
}

export type AccessState =
  | {
      readonly state: 'valid'
      readonly scopes: readonly string[]
      readonly clientId: string
      readonly exp: number
      readonly iat: number
    }
  | { readonly state: 'expired' }
  | { readonly state: 'invalid' }

/**
 * The codes and tokens of one source.
 *
 * A grant is a record that lives as long as its consent; tokens serve while their grant is there, so that revoking is
 * removing it. Of codes and refresh tokens only the hash is kept. What follows from a code or a refresh token is derived
 * from it, hence two processes that are shown the same one give the same answer.
 */
export interface Grants {
  issueCode(request: CodeRequest): Promise<string>
  /** Undefined when the code is unknown, expired, another's, or used; a second use also revokes what the first gave. */
  exchangeCode(code: string, proof: CodeProof): Promise<TokenAnswer | undefined>
  /** Undefined when the token is unknown, another client's, revoked, or was used longer ago than the repeat window. */
  refresh(token: string, clientId: string): Promise<TokenAnswer | undefined>
  access(token: string): Promise<AccessState>
  /** Takes an access or a refresh token and ends its grant; false when it is unknown or another client's. */
  revoke(token: string, clientId: string): Promise<boolean>
}

interface CodeRecord extends LabRecord, CodeRequest {
  readonly validUntil: number
}

interface GrantRecord extends LabRecord, Consent {
  /** The name of the newest refresh token's record; undefined where there is none. */
  readonly refresh: string | undefined
}

interface RefreshRecord extends LabRecord {
  readonly grant: string
}

interface UsedRecord extends LabRecord {
  readonly at: number
}

interface GrantsOptions {
  readonly source: string
  readonly rules: OAuthRules
  readonly store: LabStore
  readonly consents: Consents
  readonly issued: IssuedLog
  /** Milliseconds from the epoch. */
  readonly now: () => number
}

/** A used code is remembered longer than it is valid, so that a late second use is still noticed. */
const CODE_REMEMBERED = 60 * 60 * 1000

export function createGrants({ source, rules, store, consents, issued, now }: GrantsOptions): Grants {
  const name = (kind: string, value: string) => recordName(kind, source, value)
  const find = async <T extends LabRecord>(kind: string, value: string) =>
    (await store.get(name(kind, value))) as T | undefined
  const stands = async ({ clientId, standing }: Consent) =>
    standing === undefined || (await consents.stands(clientId, standing))
  const findGrant = async (grantId: string) => {
    const grant = await find<GrantRecord>('grant', grantId)
    return grant && (await stands(grant)) ? grant : undefined
  }

  /** The same answer for the same refresh token and time, whoever asks for it. */
  const answer = (
    grantId: string,
    consent: Consent,
    refreshToken: string | undefined,
    jti: string,
    at: number,
  ): TokenAnswer => {
    const iat = Math.floor(at / 1000)
    const claims = {
      aud: consent.clientId,
      sub: rules.account,
      iss: rules.issuer,
      typ: 'access_token',
      grant: grantId,
    } as const
    return {
      access_token: signAccessToken(store.key, { ...claims, jti, iat, exp: iat + rules.accessLifetime }),
      expires_in: rules.accessLifetime,
      ...(refreshToken === undefined ? {} : { refresh_token: refreshToken }),
      scope: consent.scopes.join(rules.scopeSeparator),
      token_type: 'Bearer',
    }
  }

  const keepGrant = async (grantId: string, consent: Consent, refreshToken: string | undefined) => {
    const { clientId, scopes, refreshable, standing } = consent
    const { lifetime } = rules.refresh
    const diesAt = lifetime === undefined ? null : now() + lifetime * 1000
    const refresh = refreshToken === undefined ? undefined : name('refresh', refreshToken)
    if (refresh) await store.put(refresh, { expiresAt: diesAt, grant: grantId } satisfies RefreshRecord)
    const lastsAs = refresh ? diesAt : now()
    await store.put(name('grant', grantId), {
      expiresAt: lastsAs === null ? null : lastsAs + rules.accessLifetime * 1000,
      clientId,
      scopes,
      refreshable,
      standing,
      refresh,
    } satisfies GrantRecord)
  }

  const endGrant = async (grantId: string) => {
    const grant = await find<GrantRecord>('grant', grantId)
    await store.remove(name('grant', grantId))
    if (grant?.refresh) await store.remove(grant.refresh)
  }

  const log = (token: TokenAnswer, withRefresh = true) => {
    issued.add('access_token', token.access_token, now())
    if (withRefresh && token.refresh_token) issued.add('refresh_token', token.refresh_token, now())
    return token
  }

  const refreshStanding = async (token: string, grantId: string, grant: GrantRecord) => {
    const jti = randomBytes(8).toString('hex')
    return log(answer(grantId, grant, token, jti, now()), false)
  }

  const refreshRotating = async (token: string, grantId: string, grant: GrantRecord) => {
    const usedName = name('refresh-used', token)
    const expiresAt = now() + rules.refresh.repeatWindow * 1000
    const first = await store.putNew(usedName, { expiresAt, at: now() } satisfies UsedRecord)
    const used = (await store.get(usedName)) as UsedRecord | undefined
    if (!used || now() > used.at + rules.refresh.repeatWindow * 1000) return undefined
    const next = markSecret(derive(store.key, 'refresh', token))
    // A repeat finds the successor in place and must not set the grant back to it: it may have been used since.
    if (first || !(await find('refresh', next))) {
      await store.put(name('refresh', token), {
        expiresAt: used.expiresAt,
        grant: grantId,
      } satisfies RefreshRecord)
      await keepGrant(grantId, grant, next)
    }
    const given = answer(grantId, grant, next, derive(store.key, 'jti', token).slice(0, 16), used.at)
    return first ? log(given) : given
  }

  return {
    async issueCode(request) {
      const code = `${rules.codePrefix ?? ''}${markSecret(randomBytes(20).toString('hex'))}`
      const validUntil = now() + rules.codeLifetime * 1000
      await store.put(name('code', code), {
        expiresAt: validUntil + CODE_REMEMBERED,
        validUntil,
        ...request,
      } satisfies CodeRecord)
      issued.add('code', code, now())
      return code
    },

    async exchangeCode(code, proof) {
      const record = await find<CodeRecord>('code', code)
      if (!record || record.clientId !== proof.clientId || record.redirectUri !== proof.redirectUri)
        return undefined
      if (!(await stands(record))) return undefined
      if (record.challenge && !(proof.verifier && sameText(s256(proof.verifier), record.challenge)))
        return undefined
      const grantId = derive(store.key, 'grant', code)
      const used = name('code-used', code)
      if (now() > record.validUntil) {
        if (await store.get(used)) await endGrant(grantId)
        return undefined
      }
      const refreshToken = record.refreshable ? markSecret(derive(store.key, 'refresh', code)) : undefined
      const first = !(await store.get(used))
      // The grant comes before the mark: whoever then finds the mark set also finds the grant that it must end.
      if (first) await keepGrant(grantId, record, refreshToken)
      if (!first || !(await store.putNew(used, { expiresAt: record.expiresAt }))) {
        await endGrant(grantId)
        return undefined
      }
      return log(answer(grantId, record, refreshToken, derive(store.key, 'jti', code).slice(0, 16), now()))
    },

    async refresh(token, clientId) {
      const record = await find<RefreshRecord>('refresh', token)
      if (!record || (record.expiresAt !== null && record.expiresAt < now())) return undefined
      const grant = await findGrant(record.grant)
      if (grant?.clientId !== clientId) return undefined
      const refreshed = rules.refresh.rotates ? refreshRotating : refreshStanding
      return refreshed(token, record.grant, grant)
    },

    async access(token) {
      const claims = readAccessToken(store.key, token)
      const grant = claims?.iss === rules.issuer ? await findGrant(claims.grant) : undefined
      if (!claims || !grant) return { state: 'invalid' }
      if (claims.exp * 1000 <= now()) return { state: 'expired' }
      return {
        state: 'valid',
        scopes: grant.scopes,
        clientId: grant.clientId,
        exp: claims.exp,
        iat: claims.iat,
      }
    },

    async revoke(token, clientId) {
      const grantId =
        readAccessToken(store.key, token)?.grant ?? (await find<RefreshRecord>('refresh', token))?.grant
      const grant = grantId ? await findGrant(grantId) : undefined
      if (!grantId || grant?.clientId !== clientId) return false
      await endGrant(grantId)
      if (grant.standing !== undefined) await consents.end(clientId)
      return true
    },
  }
}
