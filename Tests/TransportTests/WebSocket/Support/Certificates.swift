/// Certificates that nobody trusts but these tests. Made with openssl, and good for a hundred years.
enum Certificates {
    struct Identity: Sendable {
        var certificate: String
        var key: String
    }

    /// For `localhost` and 127.0.0.1.
    static let localhost = Identity(certificate: localhostCertificate, key: localhostKey)
    /// For names that are not ours.
    static let other = Identity(certificate: otherCertificate, key: otherKey)
    /// For `localhost`, in January 2020.
    static let expired = Identity(certificate: expiredCertificate, key: expiredKey)

    /// Has signed all of them.
    static let authority = """
        -----BEGIN CERTIFICATE-----
        MIIBmDCCAT+gAwIBAgIUB2Nt88LusnMMRiGRGeb8+LYFV0MwCgYIKoZIzj0EAwIw
        GTEXMBUGA1UEAwwOVGVzdCBhdXRob3JpdHkwIBcNMjYxMTIzMDMzNzAzWhgPMjEy
        NjEwMzAwMzM3MDNaMBkxFzAVBgNVBAMMDlRlc3QgYXV0aG9yaXR5MFkwEwYHKoZI
        zj0CAQYIKoZIzj0DAQcDQgAEGEF2WVd/hdXXVr68B9pD4sxChyeTgwReHyA+YFbO
        XXTVrIMQXUCz8w/7N++0DVIPMoADzAtWCN7ShRbH4Mc0wqNjMGEwHQYDVR0OBBYE
        FMHrdP7zpyeH5IF26kedeM1SMkCgMB8GA1UdIwQYMBaAFMHrdP7zpyeH5IF26ked
        eM1SMkCgMA8GA1UdEwEB/wQFMAMBAf8wDgYDVR0PAQH/BAQDAgIEMAoGCCqGSM49
        BAMCA0cAMEQCIG/7saD1zlYgf47y6qclWstnxz8AdKLpI4NUFER+Qk9aAiB6mrxW
        3vz9nZt3OYVO6IEsH+COgS0XWeUMgUikKTVCDQ==
        -----END CERTIFICATE-----
        """

    private static let localhostCertificate = """
        -----BEGIN CERTIFICATE-----
        MIIBrzCCAVWgAwIBAgIUCZI/6VMQAEd7aQgec4euFOP7d34wCgYIKoZIzj0EAwIw
        GTEXMBUGA1UEAwwOVGVzdCBhdXRob3JpdHkwIBcNMjYxMTIzMDMzNzAzWhgPMjEy
        NjEwMzAwMzM3MDNaMBQxEjAQBgNVBAMMCWxvY2FsaG9zdDBZMBMGByqGSM49AgEG
        CCqGSM49AwEHA0IABFZeoCZnQrA+7oLoajwxA5cOLZ85aE+ma4DgCvNRZMdz26hl
        qvVWq72lBnjfLGw0v00lRLAPxnQemq9EB/ZNbamjfjB8MBoGA1UdEQQTMBGCCWxv
        Y2FsaG9zdIcEfwAAATAJBgNVHRMEAjAAMBMGA1UdJQQMMAoGCCsGAQUFBwMBMB0G
        A1UdDgQWBBR9Mb8T8UVeCz6LYfP+YZW3T8UuWjAfBgNVHSMEGDAWgBTB63T+86cn
        h+SBdupHnXjNUjJAoDAKBggqhkjOPQQDAgNIADBFAiEAyuyqrDHaet8EI2wAc7mL
        Z+dpg34CohULuhLkZK+/WxMCIGtAYEFF+6zl2SeH+I0obLRW6v27AT3pbIvf4M3S
        sv0e
        -----END CERTIFICATE-----
        """

    private static let localhostKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQguyi0W0rTT3gEtdSU
        rRBCRjs6Br8GWSeqD7GbEfTsmt2hRANCAARWXqAmZ0KwPu6C6Go8MQOXDi2fOWhP
        pmuA4ArzUWTHc9uoZar1Vqu9pQZ43yxsNL9NJUSwD8Z0HpqvRAf2TW2p
        -----END PRIVATE KEY-----
        """

    private static let otherCertificate = """
        -----BEGIN CERTIFICATE-----
        MIIBsTCCAVegAwIBAgIUCZI/6VMQAEd7aQgec4euFOP7d38wCgYIKoZIzj0EAwIw
        GTEXMBUGA1UEAwwOVGVzdCBhdXRob3JpdHkwIBcNMjYxMTIzMDMzNzAzWhgPMjEy
        NjEwMzAwMzM3MDNaMBAxDjAMBgNVBAMMBW90aGVyMFkwEwYHKoZIzj0CAQYIKoZI
        zj0DAQcDQgAEnwEzhor9XRjDXrrQqL/WclCCw2aZH/LayfUBI4H4YDf2d7np6w70
        srX0HrwSW0CseUhFOWtEU7fingbb08AGoqOBgzCBgDAeBgNVHREEFzAVgg1vdGhl
        ci5leGFtcGxlhwR/AAAJMAkGA1UdEwQCMAAwEwYDVR0lBAwwCgYIKwYBBQUHAwEw
        HQYDVR0OBBYEFL//jtlSELDDpP/+ee9trQcZl9NGMB8GA1UdIwQYMBaAFMHrdP7z
        pyeH5IF26kedeM1SMkCgMAoGCCqGSM49BAMCA0gAMEUCIDN0/yQUr+PLPAfiZolH
        Zvj9dWT9CiwN1Bra7LpHWEUdAiEA6Qk+Dx9MRRsnv5h9O+0ZiVESyh5bB/b/ycdU
        MJpOa+k=
        -----END CERTIFICATE-----
        """

    private static let otherKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgPcOue3J93J3h3D5e
        UNQ0UtX0TD1iyCZBX38ZXlUeO8ChRANCAASfATOGiv1dGMNeutCov9ZyUILDZpkf
        8trJ9QEjgfhgN/Z3uenrDvSytfQevBJbQKx5SEU5a0RTt+KeBtvTwAai
        -----END PRIVATE KEY-----
        """

    private static let expiredCertificate = """
        -----BEGIN CERTIFICATE-----
        MIIBmTCCAT+gAwIBAgICEAAwCgYIKoZIzj0EAwIwGTEXMBUGA1UEAwwOVGVzdCBh
        dXRob3JpdHkwHhcNMjAwMTAxMDAwMDAwWhcNMjAwMjAxMDAwMDAwWjASMRAwDgYD
        VQQDDAdleHBpcmVkMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAESBAvxkI8OMhi
        UiKvMNpnsMhoz3WNszMfxTVWJZON4kOOop1u7ympWgxXSzRWW83UoigsdX0uMSRO
        QRFcqZe5P6N+MHwwGgYDVR0RBBMwEYIJbG9jYWxob3N0hwR/AAABMAkGA1UdEwQC
        MAAwEwYDVR0lBAwwCgYIKwYBBQUHAwEwHQYDVR0OBBYEFJyJfmxz2yBMvc+sBNwX
        4G6b8MgUMB8GA1UdIwQYMBaAFMHrdP7zpyeH5IF26kedeM1SMkCgMAoGCCqGSM49
        BAMCA0gAMEUCIQC8WhzcCTbSH/o4fSZNeNxtNf2DaZooWKXR0ogmn97Z4gIgKjfC
        bpXKzXWMrZG6ffKyYVfd+ptqo+XqTE6BAO1AThY=
        -----END CERTIFICATE-----
        """

    private static let expiredKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg65ctC586fwcMBcc6
        2pbVVJZEm2p+aySWOHO79C0Fe+ehRANCAARIEC/GQjw4yGJSIq8w2mewyGjPdY2z
        Mx/FNVYlk43iQ46inW7vKalaDFdLNFZbzdSiKCx1fS4xJE5BEVypl7k/
        -----END PRIVATE KEY-----
        """
}
