"""The places that this device exchanges a study with: remembered, met, and met by itself."""
