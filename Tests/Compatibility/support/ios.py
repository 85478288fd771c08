"""What the iOS SDK knows."""

# iOS drops every other header (reference 2.2), so the service must not ask for one.
HEADERS_KNOWN_TO_IOS = {
    "Content-Type",
    "Content-Length",
    "Content-Disposition",
    "Content-Encoding",
    "x-amz-acl",
    "x-amz-meta-initial_contact_id",
    "x-amz-meta-contact_id",
    "x-amz-meta-organization_id",
    "x-amz-meta-account_id",
    "x-amz-expected-bucket-owner",
    "x-amz-server-side-encryption",
    "x-amz-server-side-encryption-aws-kms-key-id",
    "x-amz-server-side-encryption-context",
}
