//! A terminal dashboard for the rotation of AWS Secrets Manager secrets.
