package org.postbus.benchmarks.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.postbus.benchmarks.remote.Elsewhere;

/** Private instances of Postfix and Dovecot in one folder, tuned for this load. */
record PeerConfiguration(Path folder, int smtpPort, int pop3Port, List<Elsewhere.Domain> domains) {

    /** Why each setting differs from the default; shown with the figures. */
    static final List<String> REASONS = List.of(
            "Postfix: fsync of the queue file before 250, as always; in_flow_delay=0, else it slows down what it accepts"
                    + " by a second a mail while delivery lags",
            "Postfix: no chroot, no DNS (disable_dns_lookups, smtpd_peername_lookup=no), no anvil limits, no TLS, no header"
                    + " rewriting, recipients looked up in a static table: none of it is what is compared",
            "Postfix: up to 2000 smtpd, max_use=10000, so that no process is started anew under load; delivery by LMTP over a"
                    + " unix socket, 40 at once, connections reused, up to 50 recipients in one transaction",
            "Postfix: mail for others goes to the sink without TLS, 20 connections to each destination, which is its default, and"
                    + " reused on demand, which is, too",
            "Dovecot: mail_fsync=optimized, so that LMTP saves are fsynced before they are acknowledged",
            "Dovecot: static passdb with a plain-text password and static userdb, so that its login costs as little as it can",
            "Dovecot: login processes and POP3 processes serve many sessions each (service_count), one is ready for each processor",
            "Dovecot: pop3_lock_session=yes (a maildrop has one session, as with Postbus), pop3_fast_size_lookups=yes (sizes from"
                    + " file names), pop3_no_flag_updates=yes, maildir_very_dirty_syncs=yes, mailbox_list_index=no: less to read"
                    + " and write; no log of each session");

    private static final String MAIN = """
            compatibility_level = 3.6
            queue_directory = FOLDER/queue
            data_directory = FOLDER/postfix-data
            maillog_file = FOLDER/log/mail.log
            maillog_file_prefixes = FOLDER
            inet_interfaces = 127.0.0.1
            inet_protocols = ipv4
            myhostname = mx.load.test
            mydestination =
            mynetworks = 127.0.0.0/8
            local_recipient_maps =
            alias_maps =
            alias_database =
            virtual_mailbox_domains = load.test
            virtual_mailbox_maps = static:all
            virtual_transport = lmtp:unix:FOLDER/dovecot/lmtp
            lmtp_destination_concurrency_limit = 40
            initial_destination_concurrency = 40
            transport_maps = inline:{ ROUTES }
            smtp_destination_concurrency_limit = 20
            smtp_tls_security_level = none
            default_process_limit = 2000
            max_use = 10000
            in_flow_delay = 0
            local_header_rewrite_clients =
            message_size_limit = 104857600
            mailbox_size_limit = 0
            virtual_mailbox_limit = 0
            smtpd_relay_restrictions = permit_mynetworks, reject
            smtpd_client_event_limit_exceptions = static:all
            smtpd_peername_lookup = no
            disable_dns_lookups = yes
            smtpd_tls_security_level = none
            smtputf8_enable = no
            """;

    private static final String MASTER = """
            127.0.0.1:SMTP inet n - n - 2000 smtpd
            cleanup unix n - n - 0 cleanup
            qmgr unix n - n 300 1 qmgr
            rewrite unix - - n - - trivial-rewrite
            bounce unix - - n - 0 bounce
            defer unix - - n - 0 bounce
            flush unix n - n 1000? 0 flush
            proxymap unix - - n - - proxymap
            lmtp unix - - n - 40 lmtp
            smtp unix - - n - 200 smtp
            error unix - - n - - error
            retry unix - - n - - error
            anvil unix - - n - 1 anvil
            scache unix - - n - 1 scache
            postlog unix-dgram n - n - 1 postlogd
            """;

    private static final String DOVECOT = """
            base_dir = FOLDER/dovecot
            state_dir = FOLDER/dovecot-state
            log_path = FOLDER/log/dovecot.log
            info_log_path = /dev/null
            protocols = pop3 lmtp
            listen = 127.0.0.1
            ssl = no
            disable_plaintext_auth = no
            first_valid_uid = 1
            default_process_limit = 2000
            default_client_limit = 10000
            mail_location = maildir:~/Maildir
            mail_fsync = optimized
            maildir_very_dirty_syncs = yes
            mailbox_list_index = no
            passdb {
              driver = static
              args = password=PASSWORD
            }
            userdb {
              driver = static
              args = uid=mail gid=mail home=FOLDER/mail/%n allow_all_users=yes
            }
            service anvil {
              client_limit = 10000
            }
            service lmtp {
              process_min_avail = PROCESSORS
              process_limit = 100
              service_count = 0
              unix_listener lmtp {
                mode = 0666
              }
            }
            service pop3-login {
              service_count = 0
              client_limit = 5000
              process_min_avail = PROCESSORS
              inet_listener pop3 {
                port = POP3
              }
              inet_listener pop3s {
                port = 0
              }
            }
            service pop3 {
              service_count = 1000
              process_min_avail = PROCESSORS
              process_limit = 2000
            }
            protocol pop3 {
              pop3_lock_session = yes
              pop3_no_flag_updates = yes
              pop3_fast_size_lookups = yes
              mail_max_userip_connections = 0
            }
            """;

    void write() throws IOException {
        for (String name : List.of("postfix", "queue", "postfix-data", "log", "mail")) {
            Files.createDirectories(folder.resolve(name));
        }
        Files.writeString(folder.resolve("postfix/main.cf"), filledIn(MAIN));
        Files.writeString(folder.resolve("postfix/master.cf"), filledIn(MASTER));
        Files.writeString(dovecot(), filledIn(DOVECOT));
    }

    Path postfix() {
        return folder.resolve("postfix");
    }

    Path dovecot() {
        return folder.resolve("dovecot.conf");
    }

    Path maillog() {
        return folder.resolve("log/mail.log");
    }

    /** Where the messages of an account are. */
    Path maildir(String account) {
        return folder.resolve("mail").resolve(account).resolve("Maildir");
    }

    private String routes() {
        return domains.stream()
                .map(domain -> "{ %s = smtp:[%s]:%d }".formatted(domain.name(), domain.host(), domain.port()))
                .collect(Collectors.joining(", "));
    }

    private String filledIn(String text) {
        return text.replace("FOLDER", folder.toString())
                .replace("SMTP", Integer.toString(smtpPort))
                .replace("ROUTES", routes())
                .replace("POP3", Integer.toString(pop3Port))
                .replace("PASSWORD", Server.PASSWORD)
                .replace("PROCESSORS", Integer.toString(Runtime.getRuntime().availableProcessors()));
    }
}
